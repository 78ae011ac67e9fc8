const RESOLUTION = 2 ** 24;

/**
 * Draws one of several in proportion to their weights.
 *
 * @param weights Their weights, 0 or more.
 * @param random Gives an integer from 0 up to a bound, which is left out.
 * @returns The index of one; the last whose weight is not 0 if rounding leaves none, 0 if all are.
 */
export function drawByWeight(weights: Float32Array, random: (below: number) => number): number {
  let rest = random(RESOLUTION) / RESOLUTION * weights.reduce((sum, weight) => sum + weight, 0);
  let drawn = 0;
  for (const [i, weight] of weights.entries()) {
    if (weight === 0) continue;
    drawn = i;
    rest -= weight;
    if (rest < 0) break;
  }
  return drawn;
}
