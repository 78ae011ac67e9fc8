import { SIDE_RANGE } from "./settings.ts";

/**
 * Sides, in pixels, that are chosen without being asked for: halved a few times they stay whole, and a processor trains on them in
 * minutes to hours. Work grows with the square of the side, so larger ones are for whoever wants them (`--image 128`).
 */
export const USEFUL_SIDES: readonly number[] = [32, 64, 96];

/** A side, and what it was chosen by. */
export interface ChosenSide {
  /** The side, in pixels. */
  readonly side: number;
  /** Median of the pictures' shorter sides. */
  readonly median: number;
}

/**
 * The side for pictures of many sizes: the largest useful one that half of them reach without being blown up.
 *
 * @param shortSides Shorter side of each picture that could be measured, in pixels, in any order; not changed.
 * @returns The largest of {@linkcode USEFUL_SIDES} at or below the median; the median itself where that is smaller than all of them, but
 *   no less than networks take; the smallest of them where no picture could be measured.
 */
export function chooseSide(shortSides: readonly number[]): ChosenSide {
  const sorted = Uint32Array.from(shortSides).sort();
  // The lower of the two in the middle, so that at least half of the pictures reach it.
  const median = sorted[(sorted.length - 1) >> 1] ?? 0;
  const own = median === 0 ? USEFUL_SIDES[0]! : Math.max(SIDE_RANGE.from, median);
  return { side: USEFUL_SIDES.findLast((side) => side <= median) ?? own, median };
}
