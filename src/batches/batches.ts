import type { Augmentation, BatchSource, Engine, Mixing } from "../engine/mod.ts";
import type { ImageSampler } from "./image_sampler.ts";
import type { LabelledImages } from "./labelled_images.ts";

/** How images are varied while a network learns: as their own dataset allows, but for what is said here. */
export type Variation = Partial<Augmentation>;

/** What is minimised while a network learns, beyond its images and labels. */
export interface Objective {
  /** Weights of the classes in the loss; all count alike if left out. */
  readonly classWeights?: Float32Array | undefined;
  /** Share of the loss that all classes have alike; 0 if left out. */
  readonly labelSmoothing?: number | undefined;
  /** How images are mixed in pairs; not at all if left out. */
  readonly mixing?: Mixing | undefined;
}

/** One of several shares of the batches of an epoch: every `of`-th, from number `index` on. */
export interface Shard {
  /** Its number, from 0. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
}

/** All batches. */
export const WHOLE: Shard = { index: 0, of: 1 };

/**
 * Order in which the batches of a set of images, or of what a sampler draws, come, epoch by epoch.
 *
 * Every epoch is a new permutation keyed by the seed. The last batch may be smaller, as in PyTorch's loader; only when a
 * single image were left over is it dropped, for which normalisation over a batch has no variance.
 */
export class BatchOrder {
  /** Batches in an epoch; of a share, those of the share. */
  readonly batches: number;
  readonly #engine: Pick<Engine, "permutation">;
  readonly #images: ImageSampler;
  readonly #batch: number;
  readonly #seed: number;
  readonly #shard: Shard;
  #epoch = -1;
  #order: Uint32Array = new Uint32Array();
  #indices: Uint32Array = new Uint32Array();

  /**
   * @param engine Draws the permutations.
   * @param images Says which images an epoch is made of.
   * @param options Images a batch; seed of this order (not the user's, but one derived from it); the share of its batches that are
   * gone through, all if left out: all shares are equally long, and batches that are left over are nobody's.
   * @throws {RangeError} If there are fewer than two images, the batch is not a positive integer, or there are more shares than batches.
   */
  constructor(
    engine: Pick<Engine, "permutation">,
    images: ImageSampler,
    { batch, seed, shard = WHOLE }: { batch: number; seed: number; shard?: Shard | undefined },
  ) {
    if (!Number.isInteger(batch) || batch < 2) {
      throw new RangeError(`Cannot form batches: batch is ${batch}, expected an integer of at least 2`);
    }
    const { count } = images;
    if (count < 2) throw new RangeError(`Cannot form batches: found ${count} images, expected at least 2`);
    this.#engine = engine;
    this.#images = images;
    this.#batch = batch;
    this.#seed = seed;
    this.#shard = shard;
    const all = Math.ceil(count / batch) - (count % batch === 1 ? 1 : 0);
    if (all < shard.of) {
      throw new RangeError(
        `Cannot share ${all} batches of ${batch} among ${shard.of} workers: expected at least one each`,
      );
    }
    this.batches = Math.floor(all / shard.of);
  }

  /**
   * The images of one batch.
   *
   * @param epoch Epoch, from 0.
   * @param step Batch within the epoch, from 0.
   * @returns Their indices.
   */
  at(epoch: number, step: number): Uint32Array {
    if (this.#epoch !== epoch) {
      this.#indices = this.#images.at(epoch);
      this.#order = this.#engine.permutation(this.#indices.length, this.#seed, epoch);
      this.#epoch = epoch;
    }
    const place = step * this.#shard.of + this.#shard.index;
    const positions = this.#order.subarray(place * this.#batch, (place + 1) * this.#batch);
    return positions.map((position) => this.#indices[position]!);
  }
}

/**
 * Batches one after another, as the engine knows them; after the last of an order its first again.
 *
 * @param data Images, labels, normalisation.
 * @param order Order of the batches.
 * @param options Epoch of the order, number of batches, variation (none if left out) and the seed that keys it.
 * @returns The sources.
 */
export function* batchSources(
  data: LabelledImages,
  order: BatchOrder,
  options: { epoch: number; count: number; augment?: Variation | undefined; seed: number },
): Generator<BatchSource> {
  const { epoch, count } = options;
  for (let batch = 0; batch < count; batch++) {
    yield batchSource(data, order.at(epoch, batch % order.batches), options);
  }
}

const UNVARIED: Augmentation = { cropPadding: 0, flip: false, cutout: 0 };

/**
 * Describes a batch to the engine.
 *
 * @param data Images, labels, normalisation.
 * @param indices Images of the batch.
 * @param options Variation (none if left out), and the seed and epoch that key it; what is minimised, the plain cross-entropy if left
 * out.
 * @returns The source.
 */
export function batchSource(
  data: LabelledImages,
  indices: Uint32Array,
  { augment, seed, epoch, objective }: {
    augment?: Variation | undefined;
    seed: number;
    epoch: number;
    objective?: Objective | undefined;
  },
): BatchSource {
  const { images, parts } = data;
  const preparations = parts.map(({ mean, std, augment: own }) => ({
    mean,
    std,
    ...(augment && { augment: { ...UNVARIED, ...own, ...augment } }),
  }));
  const of = indices.map((index) => parts.findLastIndex(({ first }) => first <= index));
  const labels = indices.map((index, i) => {
    const { first, firstClass, labels } = parts[of[i]!]!;
    return firstClass + labels[index - first]!;
  });
  return { images, indices, labels, ...objective, ...preparations[0]!, parts: { of, preparations }, seed, epoch };
}
