import type { Engine } from "../engine/mod.ts";
import { deriveSeed } from "../network/mod.ts";
import { splitForSearch } from "./batches.ts";
import { DatasetSampler, type ImageSampler, type Sampling, shareImages } from "./image_sampler.ts";

/** Several datasets that one supernet learns from, each with a head of its own. */
export interface Mixture {
  /** Their names. */
  readonly names: readonly string[];
  /** Number of classes of each. */
  readonly heads: readonly number[];
  /** Training images of each, as indices into the images of all. */
  readonly members: readonly Uint32Array[];
  /** How an epoch is shared among them. */
  readonly sampling: Sampling;
  /** Images an epoch from which weights learn; as many as there are for them if left out. */
  readonly imagesPerEpoch?: number | undefined;
  /** Most validation images of each; all from which alpha may learn if left out. */
  readonly validationImages?: number | undefined;
}

/** The parts of a mixture. */
export interface MixtureParts {
  /** Draws the images from which weights learn. */
  readonly weights: ImageSampler;
  /** Draws those from which alpha learns. */
  readonly alpha: ImageSampler;
  /** Of each dataset, images for alpha on which the supernet is validated. */
  readonly validation: readonly Uint32Array[];
}

/**
 * Splits the images of every dataset into those for weights and those for alpha, as a search on that dataset alone would with
 * this seed, and shares epochs out among the datasets.
 *
 * @param engine Draws.
 * @param mixture The datasets.
 * @param options The user's seed, and the share of the images for the weights.
 * @returns The parts.
 * @throws {RangeError} If a dataset has too few images, or an epoch none of one.
 */
export function splitMixture(
  engine: Pick<Engine, "permutation">,
  mixture: Mixture,
  options: { seed: number; portion: number },
): MixtureParts {
  const { seed } = options;
  const { members, validationImages } = mixture;
  const splits = members.map((member) => {
    const { weights, alpha } = splitForSearch(engine, member.length, options);
    const pick = (places: Uint32Array) => places.map((place) => member[place]!);
    return { weights: pick(weights), alpha: pick(alpha) };
  });
  const sampler = (parts: readonly Uint32Array[], purpose: string) =>
    sampleParts(engine, parts, { ...mixture, seed: deriveSeed(seed, purpose) });
  return {
    weights: sampler(splits.map(({ weights }) => weights), "weight images"),
    alpha: sampler(splits.map(({ alpha }) => alpha), "alpha images"),
    // The split is in random order, so its first images are a sample.
    validation: splits.map(({ alpha }) => alpha.slice(0, validationImages)),
  };
}

/**
 * Draws the images of an epoch from those of several datasets.
 *
 * @param engine Draws.
 * @param parts Images of each dataset.
 * @param options How an epoch is shared among them, and the seed of this order (not the user's, but one derived from it).
 * @returns The sampler.
 * @throws {RangeError} If an epoch has no image of one of them.
 */
export function sampleParts(
  engine: Pick<Engine, "permutation">,
  parts: readonly Uint32Array[],
  { sampling, imagesPerEpoch: total, seed }: Pick<Mixture, "sampling" | "imagesPerEpoch"> & { seed: number },
): ImageSampler {
  const shares = shareImages(parts.map(({ length }) => length), { sampling, ...(total !== undefined && { total }) });
  return new DatasetSampler(engine, parts, { shares, seed });
}
