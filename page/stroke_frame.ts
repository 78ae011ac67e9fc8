/** A point of a drawing, in shares of its side. */
export type Point = readonly [x: number, y: number];

/** A square of a drawing, in shares of its side. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Share of the frame's side that is left empty on each side. */
const MARGIN = 0.03;

/**
 * The square around what is drawn: networks of drawn symbols learnt from symbols that fill their image.
 *
 * @param strokes Points of each stroke; at least one.
 * @param width Width of the strokes.
 * @returns The square, with a small margin; it may reach beyond the drawing.
 */
export function frameStrokes(strokes: readonly (readonly Point[])[], width: number): Frame {
  const points = strokes.flat();
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const side = (Math.max(right - left, bottom - top) + width) / (1 - 2 * MARGIN);
  return { left: (left + right - side) / 2, top: (top + bottom - side) / 2, side };
}
