import type { Engine } from "../engine/mod.ts";
import { deriveSeed } from "../network/mod.ts";
import { type ImageSampler, sampleDatasets, type Shares } from "./image_sampler.ts";
import type { LabelledImages } from "./labelled_images.ts";

/** How images are split for a search. */
export interface SplitOptions {
  /** The user's seed. */
  readonly seed: number;
  /** Share of the images from which weights learn, rounded down; 0.5 in the paper, and if left out. */
  readonly trainPortion?: number | undefined;
}

/**
 * Splits images at random into those from which weights learn and those from which alpha learns.
 *
 * @param engine Draws the permutation.
 * @param count Number of images.
 * @param options Seed and share.
 * @returns Indices of both parts, in random order.
 * @throws {RangeError} If a part would hold fewer than two images.
 */
export function splitForSearch(
  engine: Pick<Engine, "permutation">,
  count: number,
  { seed, trainPortion = 0.5 }: SplitOptions,
): { weights: Uint32Array; alpha: Uint32Array } {
  const first = Math.floor(count * trainPortion);
  if (!(first >= 2 && count - first >= 2)) {
    throw new RangeError(
      `Cannot split images: ${count} at portion ${trainPortion} give ${first} and ${
        count - first
      }, expected at least 2 each`,
    );
  }
  const order = engine.permutation(count, deriveSeed(seed, "split"), 0);
  return { weights: order.slice(0, first), alpha: order.slice(first) };
}

/** The training images of a search. */
export interface SearchSplit {
  /** Those from which weights learn, epoch by epoch. */
  readonly weights: ImageSampler;
  /** Those from which alpha learns, epoch by epoch. */
  readonly alpha: ImageSampler;
  /** Of each dataset, images for alpha on which the network is validated. */
  readonly validation: readonly Uint32Array[];
}

/**
 * Splits the training images of a task, every dataset's as a search on that dataset alone would with this seed.
 *
 * @param engine Draws the permutations.
 * @param task The images, and how epochs are shared among their datasets.
 * @param options Seed and share.
 * @returns The parts.
 * @throws {RangeError} If a dataset has too few images, or an epoch none of one.
 */
export function splitTask(
  engine: Pick<Engine, "permutation">,
  { train, shares }: { readonly train: Pick<LabelledImages, "parts">; readonly shares?: Shares | undefined },
  options: SplitOptions,
): SearchSplit {
  const splits = train.parts.map(({ first, labels }) => {
    const { weights, alpha } = splitForSearch(engine, labels.length, options);
    const place = (indices: Uint32Array) => indices.map((index) => first + index);
    return { weights: place(weights), alpha: place(alpha) };
  });
  const sample = (datasets: readonly Uint32Array[], purpose: string) =>
    sampleDatasets(engine, datasets, { shares, seed: deriveSeed(options.seed, purpose) });
  return {
    weights: sample(splits.map(({ weights }) => weights), "weight images"),
    alpha: sample(splits.map(({ alpha }) => alpha), "alpha images"),
    // The split is in random order, so its first images are a sample.
    validation: splits.map(({ alpha }) => alpha.slice(0, shares?.validationImages)),
  };
}
