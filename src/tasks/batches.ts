import type { Augmentation, BatchSource, Engine, ImageStore, Preparation } from "../engine/mod.ts";
import { deriveSeed } from "../network/mod.ts";
import type { ImageSampler } from "./image_sampler.ts";

/** Images in the engine's memory with their labels and how they are normalised. */
export interface LabelledImages {
  /** The images. */
  readonly images: ImageStore;
  /** Label of every image. */
  readonly labels: ArrayLike<number>;
  /** Mean of each channel, in units of pixel / 255. */
  readonly mean: readonly number[];
  /** Standard deviation of each channel, in units of pixel / 255. */
  readonly std: readonly number[];
  /**
   * Where the images are of several datasets: the dataset of every image, and how those of each are normalised and varied,
   * in place of the mean and deviation of all.
   */
  readonly parts?: { readonly of: ArrayLike<number>; readonly preparations: readonly Preparation[] };
}

/** How images are varied while a network learns: all alike, or each as its own dataset allows. */
export type Variation = Augmentation | "own";

/**
 * Splits images at random into those from which weights learn and those from which alpha learns.
 *
 * @param engine Draws the permutation.
 * @param count Number of images.
 * @param options `portion` (0.5 in the paper) for the weights, rounded down; `seed` is the user's.
 * @returns Indices of both parts, in random order.
 * @throws {RangeError} If a part would hold fewer than two images.
 */
export function splitForSearch(
  engine: Pick<Engine, "permutation">,
  count: number,
  { seed, portion = 0.5 }: { seed: number; portion?: number },
): { weights: Uint32Array; alpha: Uint32Array } {
  const first = Math.floor(count * portion);
  if (!(first >= 2 && count - first >= 2)) {
    throw new RangeError(
      `Cannot split images: ${count} at portion ${portion} give ${first} and ${
        count - first
      }, expected at least 2 each`,
    );
  }
  const order = engine.permutation(count, deriveSeed(seed, "split"), 0);
  return { weights: order.slice(0, first), alpha: order.slice(first) };
}

/**
 * Order in which the batches of a set of images, or of what a sampler draws, come, epoch by epoch.
 *
 * Every epoch is a new permutation keyed by the seed. The last batch may be smaller, as in PyTorch's loader; only when a
 * single image were left over is it dropped, for which normalisation over a batch has no variance.
 */
export class BatchOrder {
  /** Batches in an epoch. */
  readonly batches: number;
  readonly #engine: Pick<Engine, "permutation">;
  readonly #images: ImageSampler;
  readonly #batch: number;
  readonly #seed: number;
  #epoch = -1;
  #order: Uint32Array = new Uint32Array();
  #indices: Uint32Array = new Uint32Array();

  /**
   * @param engine Draws the permutations.
   * @param images The images, or what draws those of an epoch.
   * @param options Images a batch; seed of this order (not the user's, but one derived from it).
   * @throws {RangeError} If there are fewer than two images or the batch is not a positive integer.
   */
  constructor(
    engine: Pick<Engine, "permutation">,
    images: Uint32Array | ImageSampler,
    { batch, seed }: { batch: number; seed: number },
  ) {
    if (!Number.isInteger(batch) || batch < 2) {
      throw new RangeError(`Cannot form batches: batch is ${batch}, expected an integer of at least 2`);
    }
    this.#images = images instanceof Uint32Array ? { count: images.length, at: () => images } : images;
    const { count } = this.#images;
    if (count < 2) throw new RangeError(`Cannot form batches: found ${count} images, expected at least 2`);
    this.#engine = engine;
    this.#batch = batch;
    this.#seed = seed;
    this.batches = Math.ceil(count / batch) - (count % batch === 1 ? 1 : 0);
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
    const positions = this.#order.subarray(step * this.#batch, (step + 1) * this.#batch);
    return positions.map((position) => this.#indices[position]!);
  }
}

/**
 * Batches one after another, as the engine knows them; after the last of an order its first again.
 *
 * @param data Images, labels, normalisation.
 * @param order Order of the batches.
 * @param options Epoch of the order, number of batches, augmentation (none if left out) and the seed that keys it.
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

/**
 * Describes a batch to the engine.
 *
 * @param data Images, labels, normalisation.
 * @param indices Images of the batch.
 * @param options Augmentation (none if left out), and the seed and epoch that key it.
 * @returns The source.
 */
export function batchSource(
  data: LabelledImages,
  indices: Uint32Array,
  options: { augment?: Variation | undefined; seed: number; epoch: number },
): BatchSource {
  const { augment, seed, epoch } = options;
  const labels = indices.map((index) => data.labels[index]!);
  const { images, mean, std, parts } = data;
  const source = { images, indices, labels, mean, std, seed, epoch };
  if (parts === undefined) return { ...source, ...(augment && augment !== "own" && { augment }) };
  const preparations = augment ? parts.preparations : parts.preparations.map(({ mean, std }) => ({ mean, std }));
  return { ...source, parts: { of: indices.map((index) => parts.of[index]!), preparations } };
}
