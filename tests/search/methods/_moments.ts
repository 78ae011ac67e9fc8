import type { DrawContext } from "../../../src/search/mod.ts";

/** A moment of a search. */
export const MOMENT: DrawContext = { purpose: "alpha", seed: 7, epoch: 1, step: 2 };

/** Numbers that are neither even nor sorted. */
export function waves(count: number, scale = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => scale * Math.sin(3 * i + 1));
}

/**
 * Largest difference of a gradient from central differences.
 *
 * @param loss A smooth function.
 * @param x Where.
 * @param gradient Its gradient there.
 * @param step Half of the distance between two values.
 */
export function gradientError(
  loss: (x: Float32Array) => number,
  x: Float32Array,
  gradient: ArrayLike<number>,
  step = 2 ** -6,
): number {
  let worst = 0;
  for (let i = 0; i < x.length; i++) {
    const [above, below] = [step, -step].map((h) => loss(x.map((value, k) => k === i ? value + h : value)));
    worst = Math.max(worst, Math.abs(gradient[i]! - (above! - below!) / (2 * step)));
  }
  return worst;
}
