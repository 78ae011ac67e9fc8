/** Mean by which the benches normalise each channel, in units of byte/255. */
export const MEAN = 0.5;

/** Standard deviation by which they do, in the same units. */
export const STD = 0.25;

/** Bytes that look random and are the same every time: what images show takes no time, but results can be compared. */
export function benchPixels(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => {
    const mixed = Math.imul(i ^ (i >>> 15), 0x2c1b3c6d);
    return Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39) >>> 24;
  });
}

/** The same as numbers that a network reads: [count, channels, side, side], as PyTorch has them. */
export function normalisedImages(
  pixels: Uint8Array,
  { count, side, channels }: { count: number; side: number; channels: number },
): Float32Array {
  const images = new Float32Array(pixels.length);
  const area = side * side;
  for (let image = 0; image < count; image++) {
    for (let pixel = 0; pixel < area; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        const byte = pixels[(image * area + pixel) * channels + channel]!;
        images[(image * channels + channel) * area + pixel] = (byte / 255 - MEAN) / STD;
      }
    }
  }
  return images;
}
