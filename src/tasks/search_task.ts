import type { LabelledImages, Variation } from "./batches.ts";
import type { Mixture } from "./mixture.ts";

/** The images on which a supernet is optimised: a {@linkcode Task}, or several datasets together. */
export interface SearchTask {
  /** How the images are varied, and what they are known by. */
  readonly dataset: { readonly augmentation: Variation; readonly fingerprint: string };
  /** Images to learn from. */
  readonly train: LabelledImages;
  /** Indices of all of them. */
  readonly trainIndices: Uint32Array;
  /** The datasets, if there are several. */
  readonly mixture?: Mixture;
}
