import { coordinate, escapeHtml } from "./html.ts";
import { wrapWords } from "./words.ts";

/** Between two panels of a chart; the divider is in the middle. */
export const GAP = 18;
/** Height of a line of a heading. */
export const HEADING_LINE = 14;
/** Width that a character of a heading takes at most. */
export const CHARACTER_WIDTH = 6.6;

/** Height of so many lines above a plot. */
export function headHeight(lines: number): number {
  return lines * HEADING_LINE + 10;
}

/** A heading on one line, or on several where it would be wider than what it is above. */
export function breakHeading(text: string, width: number): string[] {
  const most = Math.floor((width + GAP / 2) / CHARACTER_WIDTH);
  if (text.length <= most) return [text];
  return text.split(/(?<=,) /).flatMap((part) => wrapWords(part, most));
}

/** Lines of text above a plot, the last one nearest to it. */
export function drawHeading(lines: readonly string[], middle: number, top: number): string {
  return lines.map((line, i) =>
    `<text class="heading" x="${coordinate(middle)}" y="${
      coordinate(top - 7 - HEADING_LINE * (lines.length - 1 - i))
    }" text-anchor="middle">${escapeHtml(line)}</text>`
  ).join("");
}
