/** What each channel is shifted and scaled by: a network sees `(byte / 255 - mean) / std`. */
export interface Normalisation {
  /** Mean of each channel, in units of byte / 255. */
  readonly mean: readonly number[];
  /** Standard deviation of each channel, in units of byte / 255. */
  readonly std: readonly number[];
}

/**
 * Measures mean and deviation of each channel.
 *
 * The sums are whole numbers below 2^53, so the result is the same to the last bit on every machine, and the same as that of
 * the kernels' `ImageStore.statistics`.
 *
 * @param pixels Bytes, the channels innermost; at least one pixel.
 * @param channels Number of channels.
 * @returns Mean and (biased) deviation, a number a channel.
 */
export function measureNormalisation(pixels: Uint8Array, channels: number): Normalisation {
  const count = pixels.length / channels;
  const [mean, std]: [number[], number[]] = [[], []];
  for (let channel = 0; channel < channels; channel++) {
    const { sum, squares } = sumChannel(pixels, channel, channels);
    // In the kernels' order of operations, for the sake of the last bit.
    const average = sum / count / 255;
    mean.push(average);
    std.push(Math.sqrt(Math.max(0, squares / count / 255 / 255 - average * average)));
  }
  return { mean, std };
}

/** So many squares of bytes add up to less than 2^31, within which the runtime adds integers. */
const summedAtOnce = 2 ** 15;

function sumChannel(pixels: Uint8Array, channel: number, channels: number): { sum: number; squares: number } {
  let [sum, squares] = [0, 0];
  for (let start = channel; start < pixels.length; start += summedAtOnce * channels) {
    const end = Math.min(pixels.length, start + summedAtOnce * channels);
    let [partSum, partSquares] = [0, 0];
    for (let i = start; i < end; i += channels) {
      const value = pixels[i]!;
      partSum = (partSum + value) | 0;
      partSquares = (partSquares + value * value) | 0;
    }
    sum += partSum;
    squares += partSquares;
  }
  return { sum, squares };
}
