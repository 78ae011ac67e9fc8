/** A network as a point: how large, and how good. */
export interface SizedAccuracy {
  /** Size, above 0, in whatever unit. */
  readonly size: number;
  /** Accuracy, 0 to 1. */
  readonly accuracy: number;
}

/**
 * Finds the points than which no other is both as small and as accurate.
 *
 * @param points The points.
 * @returns Their indices, by size; accuracy rises along them. Of equal points the first.
 */
export function findFront(points: readonly SizedAccuracy[]): number[] {
  const order = points.map((_, i) => i).sort((a, b) =>
    points[a]!.size - points[b]!.size || points[b]!.accuracy - points[a]!.accuracy
  );
  const front: number[] = [];
  for (const i of order) {
    const last = front.at(-1);
    if (last === undefined || points[i]!.accuracy > points[last]!.accuracy) front.push(i);
  }
  return front;
}

/**
 * Finds the knee: the point of the front that is farthest above the straight line between its ends, where accuracy is linear and
 * size logarithmic. From there on accuracy costs more than on average.
 *
 * Source: Satopää et al., "Finding a Kneedle in a Haystack", 2011, section III, for a whole curve that is not smoothed. That sizes
 * are logarithmic is ours: budgets are ratios.
 *
 * @param points The points.
 * @returns Its index; the most accurate point where none is above the line, such as on a front of two.
 * @throws {RangeError} If there are no points.
 */
export function findKnee(points: readonly SizedAccuracy[]): number {
  const front = findFront(points);
  const [first, last] = [front[0], front.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError("Cannot find a knee: found no points");
  const logarithm = (i: number) => Math.log(points[i]!.size);
  const share = (value: number, low: number, high: number) => (value - low) / (high - low);
  const height = (i: number) =>
    share(points[i]!.accuracy, points[first]!.accuracy, points[last]!.accuracy) -
    share(logarithm(i), logarithm(first), logarithm(last));
  const highest = front.slice(1, -1).reduce<number | undefined>(
    (best, i) => best === undefined || height(i) > height(best) ? i : best,
    undefined,
  );
  return highest !== undefined && height(highest) > 0 ? highest : last;
}
