/**
 * Rounds numbers to 16-bit floats (IEEE 754 binary16), ties to even. No host needs `Float16Array` for it, which Node has only since
 * version 24.
 *
 * @param numbers The numbers; what is beyond 65,504 becomes infinite.
 * @returns Their bits.
 */
export function floatsToHalves(numbers: Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const halves = new Uint16Array(words.length);
  for (let i = 0; i < words.length; i++) halves[i] = toHalf(words[i]!);
  return halves;
}

/**
 * Widens 16-bit floats, exactly.
 *
 * @param halves Their bits.
 * @returns The numbers.
 */
export function halvesToFloats(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) numbers[i] = toNumber(halves[i]!);
  return numbers;
}

function toHalf(word: number): number {
  const [sign, magnitude] = [(word >>> 16) & 0x8000, word & 0x7fffffff];
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // From 65,520 on, half a step above the largest, all is infinite.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) return sign | roundShift(magnitude - 0x38000000, 13);
  // Below 2⁻¹⁴ halves are subnormal: multiples of 2⁻²⁴.
  const shift = 126 - (magnitude >>> 23);
  return shift > 24 ? sign : sign | roundShift((magnitude & 0x7fffff) | 0x800000, shift);
}

/** value / 2^shift, rounded to the nearest, ties to even. */
function roundShift(value: number, shift: number): number {
  const [quotient, rest, half] = [value >>> shift, value & ((1 << shift) - 1), 1 << (shift - 1)];
  return quotient + (rest > half || (rest === half && quotient % 2 === 1) ? 1 : 0);
}

function toNumber(half: number): number {
  const [sign, exponent, fraction] = [half & 0x8000 ? -1 : 1, (half >>> 10) & 31, half & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
