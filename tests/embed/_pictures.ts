/**
 * Pictures and a network for the tests of the embedding library.
 *
 * @module
 */
import type { Pixels } from "../../src/embed/mod.ts";

/** A network of the zoo: colour, 32x32 pixels, 20 classes. */
export const NETWORK = new URL("../../data/zoo/gtsrb20/network.safetensors", import.meta.url);

/** A picture of waves, half of it more or less transparent; another one for each number. */
export function drawWaves(width: number, height: number, number = 0): Pixels {
  const data = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const wave = (x * (number + 3) + y * (7 * number + 5)) % 256;
    data.set([wave, (2 * wave + 40 * number) % 256, 255 - wave, x < width / 2 ? 255 : (8 * y) % 256], 4 * i);
  }
  return { data, width, height };
}
