/**
 * Splits a seed into the two words that the kernels take.
 *
 * @param seed Integer from 0 to 2^53 - 1.
 * @throws {RangeError} If it is not.
 */
export function seedWords(seed: number): [low: number, high: number] {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`Cannot use seed ${seed}: expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
}
