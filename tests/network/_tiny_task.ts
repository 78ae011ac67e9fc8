import type { BatchSource, Engine } from "../../src/engine/mod.ts";
import { type DartsSpace, makeDartsSpace } from "../../src/spaces/darts/space.ts";

/** A space small enough for finite differences: two reductions, all operations, odd image size. */
export const TINY_SPACE: DartsSpace = makeDartsSpace({
  nodes: 2,
  cells: 3,
  channels: 4,
  classes: 3,
  inputChannels: 1,
  height: 9,
  width: 9,
});

/**
 * Images that a small network can tell apart: stripes of three directions under noise, the same for every call.
 *
 * @param engine Receives them.
 * @param options Number of images, their sizes and channels.
 * @returns Images with labels and normalisation.
 */
export function tinyTask(
  engine: Engine,
  { count = 48, height = 9, width = 9, channels = 1 }: {
    count?: number;
    height?: number;
    width?: number;
    channels?: 1 | 3;
  } = {},
) {
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
  let noise = 1;
  const pixels = Uint8Array.from({ length: count * height * width * channels }, (_, i) => {
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
    const pixel = Math.floor(i / channels);
    const [image, y, x] = [Math.floor(pixel / (height * width)), Math.floor(pixel / width) % height, pixel % width];
    const stripe = [y, x, x + y][image % 3]! % 3 === 0 ? 120 : 40;
    return stripe + (noise >>> 26);
  });
  const images = engine.loadImages(pixels, { count, height, width, channels });
  const indices = Uint32Array.from({ length: count }, (_, i) => i);
  const { mean, std } = images.statistics(indices);
  const parts = [{ first: 0, labels, classes: 3, firstClass: 0, mean, std }];
  return { images, labels, indices, mean, std, count, parts };
}

/** A batch of some images of a task, without augmentation. */
export function tinyBatch(task: ReturnType<typeof tinyTask>, first: number, end: number): BatchSource {
  const indices = task.indices.slice(first, end);
  const labels = indices.map((index) => task.labels[index]!);
  return { images: task.images, indices, labels, mean: task.mean, std: task.std, seed: 0, epoch: 0 };
}
