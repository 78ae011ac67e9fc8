import { DEFAULT_IMPORT, openDataset } from "../../src/data/mod.ts";
import { Engine } from "../../src/engine/mod.ts";
import { loadState, type StateTensor } from "../../src/network/mod.ts";
import { buildDerivedNetwork, type Genotype, type Space } from "../../src/spaces/mod.ts";
import type { Model } from "../../src/zoo/mod.ts";

/** Bytes that look like anything but pictures: each its own. */
export function noise(count: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** A network with random weights, statistics included: none of them is what a network starts with. */
export function randomModel(space: Space, genotype: Genotype, seed = 1): Model {
  const { parameters, norms } = buildDerivedNetwork({ space, genotype });
  const buffers = norms.flatMap(({ names, channels }) =>
    names.flatMap((name) =>
      [`${name}.running_mean`, `${name}.running_var`].map((name) => ({ name, shape: [channels] }))
    )
  );
  const state = new Map([...parameters, ...buffers].map(({ name, shape }, i): [string, StateTensor] => {
    const count = shape.reduce((product, size) => product * size, 1);
    const fanIn = count / shape[0]!;
    // Variances and factors around one, all else around zero; weights keep the size of what they multiply.
    const isAroundOne = shape.length === 1 && /\.(weight|running_var)$/.test(name);
    const spread = shape.length > 1 ? 3.5 / Math.sqrt(fanIn) : 1;
    const data = Float32Array.from(noise(count, seed + 7919 * i), (byte) => (byte / 255 - 0.5) * spread + +isAroundOne);
    return [name, { shape, data }];
  }));
  const channels = Array.from({ length: space.inputChannels }, (_, channel) => 0.1 * channel);
  return {
    space,
    genotype,
    classes: Array.from({ length: space.classes }, (_, label) => `class ${label}`),
    mean: channels.map((value) => 0.3 + value),
    std: channels.map((value) => 0.2 + value),
    data: "noise",
    images: DEFAULT_IMPORT,
    state,
  };
}

/** What the engine says of images, [count, height, width, channels] from 0 to 255: logits, [count, classes]. */
export async function engineLogits(model: Model, pixels: Uint8Array<ArrayBuffer>): Promise<Float32Array> {
  const { height, width, inputChannels: channels } = model.space;
  const count = pixels.length / (height * width * channels);
  const engine = await Engine.start({ build: "strict", threads: 1 });
  try {
    const network = engine.compile(buildDerivedNetwork(model), { batch: count, isInference: true });
    loadState(network, model.state);
    const images = engine.loadImages(pixels, { count, height, width, channels });
    const { mean, std } = model;
    const indices = Uint32Array.from({ length: count }, (_, i) => i);
    network.forward({ images, indices, mean, std, seed: 0, epoch: 0 }, { training: false });
    return network.logits().slice();
  } finally {
    engine.close();
  }
}

/** Test images of a dataset. */
export async function testPixels(data: string, count: number): Promise<Uint8Array<ArrayBuffer>> {
  const { test, height, width, channels } = await openDataset(data);
  return test.pixels.read(0, count * height * width * channels);
}

/** Index of the largest number of each row. */
export function bestOf(logits: Float32Array, classes: number): number[] {
  return Array.from({ length: logits.length / classes }, (_, row) => {
    const numbers = logits.subarray(row * classes, (row + 1) * classes);
    return numbers.indexOf(Math.max(...numbers));
  });
}

/** Largest difference of two lists of numbers of one length. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length || a.length === 0) throw new RangeError(`${a.length} numbers beside ${b.length}`);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
