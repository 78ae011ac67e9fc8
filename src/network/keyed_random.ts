/**
 * Derives an independent 32-bit seed for one purpose from a user's seed, so that streams never overlap by accident.
 *
 * @param seed The user's seed; its low 32 bits count.
 * @param purpose What the numbers are for; the same word gives the same seed.
 * @returns An unsigned 32-bit integer.
 */
export function deriveSeed(seed: number, purpose: string): number {
  let hash = mix((seed >>> 0) ^ 0x9e3779b9);
  for (let i = 0; i < purpose.length; i++) hash = mix(hash ^ purpose.charCodeAt(i));
  return hash;
}

/**
 * Starts a small generator for choices that are not numeric work, such as drawing an architecture.
 *
 * @param seed Unsigned 32-bit seed, from {@linkcode deriveSeed}.
 * @returns A function that gives the next integer, uniform from 0 to `below - 1` for any `below` up to 2³².
 */
export function keyedRandom(seed: number): (below: number) => number {
  let counter = seed >>> 0;
  return (below) => {
    counter = (counter + 0x9e3779b9) >>> 0;
    // The high bits decide, so the bias of a range of n is below n / 2³².
    return Math.floor(mix(counter) / 0x1_0000_0000 * below);
  };
}

// The finalizer of MurmurHash3: each input bit flips about half of the output bits.
function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
