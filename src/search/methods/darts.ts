import { initialAlpha, listAlphaTensors, listCandidates, PRIMITIVES, type Space } from "../../spaces/mod.ts";
import type { SearchMethod } from "./method.ts";

/**
 * The method of DARTS: mixing weights are the softmax of alpha over the operations of an edge. Operations that were pruned
 * away have no share in it.
 *
 * @param space The search space.
 * @returns The method; it has no state.
 */
export function createDarts(space: Space): SearchMethod {
  const holds = listCandidates(space);
  const strengths = (alpha: Float32Array) =>
    softmaxRows(alpha.map((value, i) => holds[i] ? value : -Infinity), PRIMITIVES.length);
  return {
    name: "darts",
    alphaTensors: listAlphaTensors(space),
    initialAlpha: (engine, seed) => initialAlpha(engine, space, seed),
    mix: (alpha) => {
      const weights = strengths(alpha);
      return { weights, gradient: (dWeights) => softmaxRowsBackward(weights, dWeights, PRIMITIVES.length) };
    },
    strengths,
    startEpoch: () => {},
    updatesAlpha: () => true,
    state: () => null,
    restore: () => {},
  };
}

/**
 * Softmax of each row: y[r,c] = exp(x[r,c]) / Σ_k exp(x[r,k]).
 *
 * @param x Rows one after another; computed in double precision.
 * @param columns Length of a row.
 * @returns As many numbers; each row adds up to 1.
 */
export function softmaxRows(x: Float32Array, columns: number): Float32Array {
  const y = new Float32Array(x.length);
  for (let start = 0; start < x.length; start += columns) {
    const row = Array.from(x.subarray(start, start + columns));
    const highest = Math.max(...row);
    const powers = row.map((value) => Math.exp(value - highest));
    const sum = powers.reduce((total, power) => total + power, 0);
    y.set(powers.map((power) => power / sum), start);
  }
  return y;
}

/**
 * Gradient of {@linkcode softmaxRows}: dx[r,c] = y[r,c] · (dy[r,c] − Σ_k y[r,k]·dy[r,k]).
 *
 * @param y What the forward pass gave.
 * @param dy Gradient with respect to y.
 * @param columns Length of a row.
 * @returns Gradient with respect to x.
 */
export function softmaxRowsBackward(y: Float32Array, dy: Float32Array, columns: number): Float32Array {
  const dx = new Float32Array(y.length);
  for (let start = 0; start < y.length; start += columns) {
    let product = 0;
    for (let i = start; i < start + columns; i++) product += y[i]! * dy[i]!;
    for (let i = start; i < start + columns; i++) dx[i] = y[i]! * (dy[i]! - product);
  }
  return dx;
}
