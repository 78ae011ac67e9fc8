import type { ImageStore, Preparation } from "../engine/mod.ts";

/**
 * The images of one dataset among those of a store, where they stand one after another; how they are normalised, and how
 * they may be varied.
 */
export interface DatasetImages extends Preparation {
  /** Index of the first of them. */
  readonly first: number;
  /** Label of each, an index into the dataset's own classes. */
  readonly labels: ArrayLike<number>;
  /** Number of the dataset's classes. */
  readonly classes: number;
  /** Index of the first of them among the classes of all datasets. */
  readonly firstClass: number;
}

/** Images in the engine's memory with all that a batch of them needs. */
export interface LabelledImages {
  /** The images. */
  readonly images: ImageStore;
  /** Number of images. */
  readonly count: number;
  /** The datasets that they are of, one or several, in the order of the images. */
  readonly parts: readonly DatasetImages[];
}

/**
 * Indices of the images of a dataset.
 *
 * @param dataset Index of its first image, and its labels.
 * @returns The indices among the images of all datasets, ascending.
 */
export function indicesOf({ first, labels }: Pick<DatasetImages, "first" | "labels">): Uint32Array {
  return Uint32Array.from({ length: labels.length }, (_, i) => first + i);
}

/**
 * Number of classes of each dataset, which a network tells apart by a head of its own.
 *
 * @param images Those of one dataset or several.
 * @returns One number a dataset, in the order of the images.
 */
export function headsOf({ parts }: Pick<LabelledImages, "parts">): number[] {
  return parts.map(({ classes }) => classes);
}

/**
 * The numbers 0 to count − 1.
 *
 * @param count How many.
 * @returns The numbers, ascending.
 */
export function firstIndices(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}

/**
 * Divides as many images into batches, in order.
 *
 * @param count Number of images.
 * @param batch Images a batch; the last may have fewer.
 * @returns Indices of each batch.
 */
export function batchesOf(count: number, batch: number): Uint32Array[] {
  const all = firstIndices(count);
  return Array.from({ length: Math.ceil(count / batch) }, (_, i) => all.subarray(i * batch, (i + 1) * batch));
}
