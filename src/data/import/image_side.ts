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
 * @returns The largest of {@linkcode USEFUL_SIDES} at or below the median; the smallest one where the pictures are smaller still,
 *   or none could be measured.
 */
export function chooseSide(shortSides: readonly number[]): ChosenSide {
  const sorted = Uint32Array.from(shortSides).sort();
  // The lower of the two in the middle, so that at least half of the pictures reach it.
  const median = sorted[(sorted.length - 1) >> 1] ?? 0;
  return { side: USEFUL_SIDES.findLast((side) => side <= median) ?? USEFUL_SIDES[0]!, median };
}
