import { CHARACTER_WIDTH, HEADING_LINE } from "./chart_heading.ts";
import type { Frame } from "./chart_curves.ts";
import { coordinate, escapeHtml } from "./html.ts";

/** What an arm did when. */
export interface Timeline {
  /** Which of the page's colours it has. */
  readonly color: number;
  /** Stretches, one after another; x where each ends. */
  readonly stretches: readonly { readonly name: string; readonly end: number }[];
}

const ROW_HEIGHT = 17;
const BELOW = 6;

/** Height of the bars above a plot; those of a single arm have names above them. */
export function timelineHeight(timelines: readonly Timeline[]): number {
  const names = timelines.length === 1 ? timelines[0]!.stretches.length * HEADING_LINE + 4 : 0;
  return names + timelines.length * ROW_HEIGHT + BELOW;
}

/**
 * Draws a bar an arm above a plot, and a divider across the plot where one of its networks gives way to the next.
 *
 * @param timelines The arms.
 * @param frame Where the plot is, and where its values are.
 * @returns SVG elements.
 */
export function drawTimelines(timelines: readonly Timeline[], frame: Frame & { x: (value: number) => number }): string {
  const { x, bottom, top } = frame;
  const rows = timelines.map(({ color, stretches }, row) => {
    const y = top - BELOW - (timelines.length - row) * ROW_HEIGHT;
    const bars = stretches.map(({ name, end }, i) => {
      const [left, right] = [x(stretches[i - 1]?.end ?? 0) + (i > 0 ? 1 : 0), x(end)];
      return `<rect class="stretch${i % 2 === 0 ? "" : " second"}" x="${coordinate(left)}" y="${y}" width="${
        coordinate(Math.max(0, right - left))
      }" height="${ROW_HEIGHT - 3}" rx="2"><title>${escapeHtml(name)}</title></rect>`;
    });
    const dividers = stretches.slice(0, -1).map(({ end }) => drawDivider(x(end), bottom, y));
    return `<g class="timeline color${color}">${bars.join("")}${dividers.join("")}</g>`;
  });
  const [only, ...others] = timelines;
  if (only === undefined || others.length > 0) return rows.join("\n");
  return `${nameStretches(only, frame)}${rows[0]}`;
}

/** Names above the only bar: each begins or ends with its stretch, and has a line of its own where both would not fit. */
function nameStretches({ stretches }: Timeline, { x, top }: Frame & { x: (value: number) => number }): string {
  const last = stretches.length - 1;
  const length = stretches.reduce((sum, { name }) => sum + name.length + 2, 0);
  const isOneLine = last < 2 && length * CHARACTER_WIDTH <= x(stretches[last]!.end) - x(0);
  return stretches.map(({ name, end }, i) => {
    const isAtEnd = i > 0 && i === last;
    const at = isAtEnd ? x(end) : x(stretches[i - 1]?.end ?? 0);
    const y = top - BELOW - ROW_HEIGHT - 5 - (isOneLine ? 0 : HEADING_LINE * (last - i));
    return `<text class="heading" x="${coordinate(at)}" y="${coordinate(y)}" text-anchor="${
      isAtEnd ? "end" : "start"
    }">${escapeHtml(name)}</text>`;
  }).join("");
}

/** Where one network ends and another begins. */
export function drawDivider(x: number, bottom: number, y = 0): string {
  return `<line class="divider" x1="${coordinate(x)}" x2="${coordinate(x)}" y1="${coordinate(y)}" y2="${bottom}"/>`;
}
