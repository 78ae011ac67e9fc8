// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear } from "d3-scale";
import { coordinate, escapeHtml } from "./html.ts";

/** Counts by category, in parts that are drawn one after the other. */
export interface BarChart {
  /** Title. */
  readonly title: string;
  /** What the bars count, and where they come from. */
  readonly unit: string;
  /** Names of the parts; a legend is drawn if there are several. */
  readonly parts: readonly string[];
  /** A bar each: its name and the count of each part. */
  readonly bars: readonly { readonly name: string; readonly counts: readonly number[] }[];
}

const WIDTH = 520;
const ROW = 22;
const TOP = 4;
const BOTTOM = 24;
const CHARACTER_WIDTH = 6.6;
const MOST_CHARACTERS = 26;

/**
 * Draws horizontal bars with their numbers.
 *
 * @param chart What to draw.
 * @returns An HTML element; an empty text if there is no bar.
 */
export function renderBarChart({ title, unit, parts, bars }: BarChart): string {
  if (bars.length === 0) return "";
  const left = Math.min(MOST_CHARACTERS, Math.max(...bars.map(({ name }) => name.length))) * CHARACTER_WIDTH + 14;
  const most = Math.max(1, ...bars.map(({ counts }) => total(counts)));
  const x = scaleLinear().domain([0, most]).range([left, WIDTH - 56]);
  const bottom = TOP + bars.length * ROW;
  const ticks = x.ticks(4).filter(Number.isInteger).map((tick) => {
    const at = coordinate(x(tick));
    return `<line class="grid" x1="${at}" x2="${at}" y1="${TOP}" y2="${bottom}"/>` +
      `<text class="tick" x="${at}" y="${bottom + 16}" text-anchor="middle">${tick.toLocaleString("en")}</text>`;
  });
  const drawn = bars.map(({ name, counts }, row) => {
    const y = TOP + row * ROW;
    let before = 0;
    const rects = counts.map((count, part) => {
      const [from, to] = [x(before), x(before += count)];
      const width = coordinate(to - from);
      return count === 0
        ? ""
        : `<rect class="color${part}" fill="currentColor" x="${coordinate(from)}" y="${
          y + 4
        }" width="${width}" height="${ROW - 8}"/>`;
    });
    const label = name.length > MOST_CHARACTERS ? `${name.slice(0, MOST_CHARACTERS - 1)}…` : name;
    return `<text x="${coordinate(left - 8)}" y="${y + 15}" text-anchor="end">${escapeHtml(label)}</text>${
      rects.join("")
    }` +
      `<text class="tick" x="${coordinate(x(total(counts)) + 6)}" y="${y + 15}">${
        total(counts).toLocaleString("en")
      }</text>`;
  });
  return `<figure class="panel"><figcaption>${escapeHtml(title)}<span class="unit">${
    escapeHtml(unit)
  }</span></figcaption>` +
    `${renderLegend(parts)}<svg class="chart bars" viewBox="0 0 ${WIDTH} ${bottom + BOTTOM}" role="img" aria-label="${
      escapeHtml(title)
    }">${ticks.join("")}${drawn.join("")}</svg></figure>`;
}

function renderLegend(parts: readonly string[]): string {
  if (parts.length < 2) return "";
  const items = parts.map((part, i) =>
    `<li><svg class="key color${i}" viewBox="0 0 30 12"><rect width="30" height="12" fill="currentColor"/></svg>${
      escapeHtml(part)
    }</li>`
  );
  return `<ul class="legend">${items.join("")}</ul>`;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
