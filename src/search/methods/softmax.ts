import { softmax } from "../../network/mod.ts";
import type { CandidateGroups } from "../../spaces/mod.ts";

/**
 * Softmax within each group of competing candidates; those that were pruned away have no share.
 *
 * @param x One number a candidate, in the layout of the groups.
 * @param groups The groups.
 * @returns As many numbers; each group adds up to 1.
 */
export function softmaxGroups(x: Float32Array, { tensors, exists }: CandidateGroups): Float32Array {
  const held = x.map((value, i) => exists[i] ? value : -Infinity);
  return eachTensor(tensors, (start, end, columns, y: Float32Array) => {
    y.set(softmaxRows(held.subarray(start, end), columns), start);
  });
}

/**
 * Gradient of {@linkcode softmaxGroups}.
 *
 * @param y What the forward pass gave.
 * @param dy Gradient with respect to y.
 * @param groups The groups.
 * @returns Gradient with respect to x.
 */
export function softmaxGroupsBackward(
  y: Float32Array,
  dy: Float32Array,
  { tensors }: Pick<CandidateGroups, "tensors">,
): Float32Array {
  return eachTensor(tensors, (start, end, columns, dx: Float32Array) => {
    dx.set(softmaxRowsBackward(y.subarray(start, end), dy.subarray(start, end), columns), start);
  });
}

/**
 * Softmax over each of some sets of numbers, wherever they lie.
 *
 * @param x The numbers.
 * @param sets Indices of each set; none is in two.
 * @returns As many numbers; each set adds up to 1, and what is in none is 0.
 */
export function softmaxSets(x: Float32Array, sets: readonly (readonly number[])[]): Float32Array {
  const y = new Float32Array(x.length);
  for (const set of sets) {
    const largest = Math.max(...set.map((i) => x[i]!));
    const total = set.reduce((sum, i) => sum + Math.exp(x[i]! - largest), 0);
    for (const i of set) y[i] = Math.exp(x[i]! - largest) / total;
  }
  return y;
}

/**
 * Gradient of {@linkcode softmaxSets}.
 *
 * @param y What the forward pass gave.
 * @param dy Gradient with respect to y.
 * @param sets The sets.
 * @returns Gradient with respect to x.
 */
export function softmaxSetsBackward(
  y: Float32Array,
  dy: Float32Array,
  sets: readonly (readonly number[])[],
): Float32Array {
  const dx = new Float32Array(y.length);
  for (const set of sets) {
    const mean = set.reduce((sum, i) => sum + y[i]! * dy[i]!, 0);
    for (const i of set) dx[i] = y[i]! * (dy[i]! - mean);
  }
  return dx;
}

function eachTensor(
  tensors: CandidateGroups["tensors"],
  fill: (start: number, end: number, columns: number, into: Float32Array) => void,
): Float32Array {
  const into = new Float32Array(tensors.reduce((sum, { shape: [rows, columns] }) => sum + rows * columns, 0));
  let start = 0;
  for (const { shape: [rows, columns] } of tensors) {
    fill(start, start + rows * columns, columns, into);
    start += rows * columns;
  }
  return into;
}

/**
 * Softmax of each row: y[r,c] = exp(x[r,c]) / Σ_k exp(x[r,k]).
 *
 * @param x Rows one after another; computed in double precision.
 * @param columns Length of a row.
 * @returns As many numbers; each row adds up to 1.
 * @example Two rows
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { softmaxRows } from "../mod.ts";
 *
 * const [a, b, c, d] = softmaxRows(Float32Array.of(5, 5, 0, Math.log(3)), 2);
 * [a, b].forEach((share) => assertAlmostEquals(share!, 0.5, 1e-6));
 * assertAlmostEquals(c!, 0.25, 1e-6);
 * assertAlmostEquals(d!, 0.75, 1e-6);
 * ```
 */
export function softmaxRows(x: Float32Array, columns: number): Float32Array {
  const y = new Float32Array(x.length);
  for (let start = 0; start < x.length; start += columns) {
    y.set(softmax(x.subarray(start, start + columns)), start);
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
