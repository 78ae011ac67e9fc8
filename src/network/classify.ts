import type { ImageStore, Network } from "../engine/mod.ts";

/** A class and how likely it is. */
export interface ClassProbability {
  /** Name of the class. */
  readonly class: string;
  /** From 0 to 1. */
  readonly probability: number;
}

/** Images to be classified. */
export interface PreparedImages {
  /** The images. */
  readonly images: ImageStore;
  /** Mean of each channel that is taken off, in units of pixel / 255. */
  readonly mean: readonly number[];
  /** Deviation of each channel by which they are divided, in the same units. */
  readonly std: readonly number[];
}

/**
 * Classifies all images of a store.
 *
 * @param network The network, with its weights; it runs with its running statistics.
 * @param data Images and normalisation, as the network was trained with.
 * @param options Names of the network's classes in order; how many to give for each image, all if left out.
 * @returns For each image its likeliest classes, the likeliest first.
 * @throws {Error} If the images do not fit the network.
 */
export function classify(
  network: Pick<Network, "batch" | "forward" | "logits">,
  { images, mean, std }: PreparedImages,
  { classes, top = classes.length }: { classes: readonly string[]; top?: number | undefined },
): ClassProbability[][] {
  return Array.from(logitRows(network, { images, mean, std }), (row) => rankClasses(row, classes).slice(0, top));
}

/**
 * Logits of all images of a store.
 *
 * @param network The network, with its weights; it runs with its running statistics.
 * @param data Images and normalisation, as the network was trained with.
 * @returns Those of each image, in order: one a class.
 * @throws {Error} If the images do not fit the network.
 */
export function* logitRows(
  network: Pick<Network, "batch" | "forward" | "logits">,
  { images, mean, std }: PreparedImages,
): Generator<Float32Array> {
  for (let start = 0; start < images.count; start += network.batch) {
    const count = Math.min(network.batch, images.count - start);
    const indices = Uint32Array.from({ length: count }, (_, i) => start + i);
    network.forward({ images, indices, mean, std, seed: 0, epoch: 0 }, { training: false });
    const logits = network.logits();
    const classes = logits.length / count;
    for (let row = 0; row < count; row++) yield logits.subarray(row * classes, (row + 1) * classes);
  }
}

/**
 * Ranks classes by one image's logits.
 *
 * @param logits One a class.
 * @param classes Their names.
 * @returns All classes with their softmax probabilities, the likeliest first.
 */
export function rankClasses(logits: Float32Array, classes: readonly string[]): ClassProbability[] {
  return softmax(logits).map((probability, i) => ({ class: classes[i]!, probability }))
    .sort((a, b) => b.probability - a.probability);
}

/** Probabilities of logits, in double precision; they add up to 1. */
export function softmax(logits: Float32Array): number[] {
  const highest = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
