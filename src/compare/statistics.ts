/** Mean of some values and how far it may be off. */
export interface Spread {
  /** Number of values. */
  readonly count: number;
  /** Their mean; null of none. */
  readonly mean: number | null;
  /** Standard error of the mean: sample deviation / √count; null for less than two values. */
  readonly standardError: number | null;
}

/** Up to so many pairs all changes of sign are gone through. */
const MOST_EXACT = 22;

/** So many are drawn for more pairs. */
const DRAWS = 2 ** 18;

/**
 * Mean and standard error.
 *
 * @param values The values.
 * @returns Both, and how many values there are.
 */
export function spreadOf(values: readonly number[]): Spread {
  const count = values.length;
  if (count === 0) return { count, mean: null, standardError: null };
  const mean = sum(values) / count;
  if (count === 1) return { count, mean, standardError: null };
  const variance = sum(values.map((value) => (value - mean) ** 2)) / (count - 1);
  return { count, mean, standardError: Math.sqrt(variance / count) };
}

/**
 * Geometric mean.
 *
 * @param values Positive numbers.
 * @returns It; null of none.
 */
export function geometricMean(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.exp(sum(values.map(Math.log)) / values.length);
}

/**
 * Fisher's paired permutation test: how often the mean of differences would be as far from zero as it is, if each
 * difference were as likely to have the other sign. Two-sided; assumes nothing of the differences' distribution.
 *
 * All 2ⁿ signs are tried for up to 22 pairs; beyond, 2¹⁸ of them from a fixed sequence, so that the answer never changes.
 *
 * @param differences One a pair.
 * @returns The share of signs, those observed among them: 2 / 2ⁿ at the least; null for no pairs.
 * @example Five differences of one sign are two of 32 cases
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { signFlipTest } from "./mod.ts";
 *
 * assertEquals(signFlipTest([1, 2, 3, 4, 5]), 2 / 32);
 * assertEquals(signFlipTest([1, -1]), 1);
 * ```
 */
export function signFlipTest(differences: readonly number[]): number | null {
  const count = differences.length;
  if (count === 0) return null;
  const observed = Math.abs(sum(differences));
  // Sums in another order differ in their last digits, which must not decide what counts as equal.
  const least = observed - 1e-9 * sum(differences.map(Math.abs));
  const signs = differences.slice();
  let [total, hits] = [sum(differences), 0];
  if (count <= MOST_EXACT) {
    const rounds = 2 ** count;
    for (let round = 1; round <= rounds; round++) {
      if (Math.abs(total) >= least) hits++;
      // A Gray code: one sign changes a round, that of the lowest bit set.
      const changed = 31 - Math.clz32(round & -round);
      if (changed >= count) break;
      total -= 2 * signs[changed]!;
      signs[changed] = -signs[changed]!;
    }
    return hits / rounds;
  }
  const random = xorshift();
  for (let round = 1; round < DRAWS; round++) {
    total = 0;
    for (const difference of differences) total += random() & 1 ? difference : -difference;
    if (Math.abs(total) >= least) hits++;
  }
  return (hits + 1) / DRAWS;
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of theirs.
 *
 * @param pairs Two values each.
 * @returns −1 to 1; null of less than two pairs, or if one side has a single value only.
 */
export function spearman(pairs: readonly (readonly [number, number])[]): number | null {
  const [left, right] = [0, 1].map((side) => centredRanks(pairs.map((pair) => pair[side]!)));
  const product = (a: readonly number[], b: readonly number[]) => sum(a.map((value, i) => value * b[i]!));
  const scale = Math.sqrt(product(left!, left!) * product(right!, right!));
  return scale === 0 ? null : product(left!, right!) / scale;
}

function centredRanks(values: readonly number[]): number[] {
  const below = (value: number) => values.filter((other) => other < value).length;
  const equal = (value: number) => values.filter((other) => other === value).length;
  // Ranks from 1; their mean is (n + 1) / 2 whatever ties there are.
  return values.map((value) => below(value) + (equal(value) + 1) / 2 - (values.length + 1) / 2);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Marsaglia's xorshift of 32 bits; its upper bits are the better ones. */
function xorshift(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 16;
  };
}
