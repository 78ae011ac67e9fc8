import { type Frame, shapeOf } from "./chart_curves.ts";
import { drawHeading } from "./chart_heading.ts";
import { formatShort, formatValue, type Values } from "./chart_scale.ts";
import { coordinate, escapeHtml } from "./html.ts";

/** A figure that stands at the end, apart from all curves: accuracy on test images. */
export interface Mark {
  /** Name for the tooltip. */
  readonly name: string;
  /** Which of the page's colours and shapes it has. */
  readonly color: number;
  /** The figure. */
  readonly value: number;
}

const LABEL_HEIGHT = 14;

/**
 * Draws figures in a column of their own, right of the plot.
 *
 * @param chart What the figures are, and what stands above them.
 * @param marks The figures.
 * @param frame Where the column is.
 * @returns An SVG element.
 */
export function drawMarks(
  { values, marksHeading = "" }: { readonly values: Values; readonly marksHeading?: string | undefined },
  marks: readonly Mark[],
  frame: Frame,
): string {
  const { left, y, top, bottom } = frame;
  const heading = drawHeading(marksHeading.split(" "), (left + frame.right) / 2, top);
  const at = left + 11;
  const heights = spreadOut(marks.map(({ value }) => y.place(value)), [top + 6, bottom - 4]);
  const drawn = marks.map(({ name, color, value }, i) => {
    const [height, label] = [y.place(value), heights[i]!];
    const text = formatShort(value, values);
    return `<g class="mark color${color}"><path class="leader" d="M${coordinate(at)},${coordinate(height)}L${
      coordinate(at + 10)
    },${coordinate(label)}"/><path d="${shapeOf(color, 64)}" transform="translate(${coordinate(at)},${
      coordinate(height)
    })"><title>${escapeHtml(`${name}: ${formatValue(value, values)}`)}</title></path><text x="${
      coordinate(at + 12)
    }" y="${coordinate(label)}" dy="0.34em">${text}</text></g>`;
  });
  return `<g class="marks">${heading}${drawn.join("")}</g>`;
}

/** Moves labels apart so that none covers another, as little as that takes. */
function spreadOut(heights: readonly number[], [top, bottom]: readonly [number, number]): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a]! - heights[b]!);
  const placed = order.map((i) => heights[i]!);
  for (let i = 1; i < placed.length; i++) placed[i] = Math.max(placed[i]!, placed[i - 1]! + LABEL_HEIGHT);
  const over = Math.max(0, (placed.at(-1) ?? 0) - bottom);
  if (over > 0) {
    placed[placed.length - 1]! -= over;
    for (let i = placed.length - 2; i >= 0; i--) placed[i] = Math.min(placed[i]!, placed[i + 1]! - LABEL_HEIGHT);
  }
  const result = new Array<number>(heights.length);
  order.forEach((i, rank) => result[i] = Math.max(top, placed[rank]!));
  return result;
}
