import type { BatchSource, Engine, NamedShape, Network } from "../../../src/engine/mod.ts";
import { groupsOf, type ImageSizes } from "../../../src/spaces/mod.ts";
import { checkDartsSpace, type DartsSpace } from "../../../src/spaces/darts/space.ts";
import type { Arrays } from "../../kernels/_fixtures.ts";

/** Sizes that the whole-network fixtures of tests/reference have in common. */
export interface ReferenceCase {
  /** Name, and prefix of its arrays. */
  name: string;
  /** Images a batch. */
  batch: number;
  /** Mean of each channel. */
  mean: number[];
  /** Standard deviation of each channel. */
  std: number[];
  /** Seed of the hashed weights. */
  seed: number;
}

/** The search space of a fixture. */
export function spaceOf(description: ReferenceCase): DartsSpace {
  return checkDartsSpace({ ...description, name: "darts" });
}

/**
 * Numbers that need not be stored: tests/reference/hashed_values.py gives the same ones to PyTorch.
 *
 * @param key Seed and name.
 * @param count How many.
 * @param range Centre and bound of their uniform distribution.
 */
export function hashedValues(key: string, count: number, range: { centre: number; bound: number }): Float32Array {
  let start = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) start = Math.imul(start ^ byte, 0x01000193);
  return Float32Array.from({ length: count }, (_, i) => {
    let x = (start + Math.imul(i + 1, 0x9e3779b9)) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    x = (x ^ (x >>> 15)) >>> 0;
    return range.centre + (2 * x / 2 ** 32 - 1) * range.bound;
  });
}

/** Gives every weight of a network its hashed value; running statistics are those of a fresh network. */
export function fillNetwork(network: Network, seed: number): void {
  network.initialise(0);
  for (const { name, shape } of network.parameters) {
    const [count, fanIn] = [shape, shape.slice(1)].map((sizes) => sizes.reduce((product, size) => product * size, 1));
    const range = shape.length > 1
      ? { centre: 0, bound: 1 / Math.sqrt(fanIn!) }
      : name.endsWith(".bias")
      ? { centre: 0, bound: 0.1 }
      : { centre: 1, bound: 0.25 };
    network.write(name, hashedValues(`${seed}/${name}`, count!, range));
  }
}

/** Hashed architecture parameters of a space. */
export function hashedAlpha(space: DartsSpace, seed: number, bound: number): Float32Array {
  return hashedTensors(groupsOf(space).tensors, seed, bound);
}

/** Hashed architecture parameters of any tensors, one after another. */
export function hashedTensors(tensors: readonly NamedShape[], seed: number, bound: number): Float32Array {
  const parts = tensors.map(({ name, shape }) =>
    hashedValues(`${seed}/${name}`, shape.reduce((product, side) => product * side, 1), { centre: 0, bound })
  );
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** Loads all images of an array [..., height, width, channels] of a fixture, with their labels. */
export function loadReferenceImages(
  engine: Engine,
  space: ImageSizes,
  arrays: Arrays,
  keys: { images: string; labels: string },
) {
  const pixels = Uint8Array.from(arrays.get(keys.images)!.data);
  const labels = Uint32Array.from(arrays.get(keys.labels)!.data);
  const { height, width, inputChannels: channels } = space;
  return { images: engine.loadImages(pixels, { count: labels.length, height, width, channels }), labels };
}

/** The batch of some images of a fixture. */
export function referenceBatch(
  { images, labels }: ReturnType<typeof loadReferenceImages>,
  { batch, mean, std }: ReferenceCase,
  step = 0,
): BatchSource {
  const indices = Uint32Array.from({ length: batch }, (_, i) => step * batch + i);
  return { images, indices, labels: labels.slice(step * batch, (step + 1) * batch), mean, std, seed: 0, epoch: 0 };
}

/** At most so many elements, evenly spaced: what fixtures keep of large tensors. */
export function sample(values: Float32Array, whole: number, samples: number): Float32Array {
  if (values.length <= whole) return values;
  return Float32Array.from({ length: samples }, (_, k) => values[Math.floor(k * values.length / samples)]!);
}
