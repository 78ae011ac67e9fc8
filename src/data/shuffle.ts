/**
 * Shuffles a list in place, the same way for the same key.
 *
 * Fisher and Yates, driven by a counter-based generator: the number for a step depends on the key and the step alone.
 * This is for lists of indices; whatever touches pixels draws its numbers in the kernels.
 *
 * @param items The list, reordered.
 * @param key What the order depends on: the user's seed first, then what tells this shuffle from others of the same seed.
 *   Non-negative integers below 2^53.
 * @returns The same list.
 * @throws {RangeError} If a part of the key is no such integer.
 */
export function shuffle<T extends Uint32Array>(items: T, key: readonly number[]): T {
  const start = foldKey(key);
  for (let last = items.length - 1; last > 0; last--) {
    const chosen = below(last + 1, start, last);
    const kept = items[last]!;
    items[last] = items[chosen]!;
    items[chosen] = kept;
  }
  return items;
}

function foldKey(key: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of key) {
    if (!Number.isSafeInteger(part) || part < 0) {
      throw new RangeError(`Cannot shuffle: key is ${part}, expected an integer from 0 to 2^53 - 1`);
    }
    hash = mix(hash ^ (part >>> 0));
    hash = mix(hash + Math.floor(part / 2 ** 32) + 1);
  }
  return hash;
}

// Two mixed words give 53 bits, so the unevenness over a range of n is below n / 2^53.
function below(range: number, start: number, counter: number): number {
  const high = mix(start ^ mix(2 * counter + 1)) >>> 6;
  const low = mix(start ^ mix(2 * counter + 2)) >>> 5;
  return Math.floor((high * 2 ** 27 + low) / 2 ** 53 * range);
}

// The finalizer of MurmurHash3 (Appleby, public domain): every input bit flips about half of the output bits.
function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
