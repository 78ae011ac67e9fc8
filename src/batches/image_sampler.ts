import type { Engine } from "../engine/mod.ts";
import { deriveSeed } from "../network/mod.ts";

/** Which images an epoch is made of. */
export interface ImageSampler {
  /** Images an epoch. */
  readonly count: number;
  /** Images of an epoch, from 0; in any order, and some of them perhaps several times. */
  at(epoch: number): Uint32Array;
}

/**
 * An epoch of all images, each once.
 *
 * @param indices Images by their index.
 * @returns The sampler; every epoch has the same order.
 */
export function everyImage(indices: Uint32Array): ImageSampler {
  return { count: indices.length, at: () => indices };
}

/** How epochs are shared among datasets: equally, or by their sizes. */
export const SAMPLINGS = ["balanced", "proportional"] as const;

/** How epochs are shared among datasets: equally, or by their sizes. */
export type Sampling = typeof SAMPLINGS[number];

/** How much of each dataset an epoch has. */
export interface Shares {
  /** Whether datasets count alike, or by their sizes. */
  readonly sampling: Sampling;
  /** Images an epoch from which weights learn; as many as there are for them if left out. */
  readonly imagesPerEpoch?: number | undefined;
  /** Most validation images of each dataset; all that are held out if left out. */
  readonly validationImages?: number | undefined;
}

/**
 * Shares the images of an epoch out among datasets.
 *
 * @param sizes Images of each dataset.
 * @param options Equal shares or shares by size; `total`: images an epoch, as many as there are if left out.
 * @returns Images of each dataset in an epoch; together exactly `total`.
 * @throws {RangeError} If a dataset would have none.
 */
export function shareImages(
  sizes: readonly number[],
  { sampling, total }: { sampling: Sampling; total?: number | undefined },
): number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const wanted = total ?? all;
  const exact = sizes.map((size) => sampling === "balanced" ? wanted / sizes.length : wanted * size / all);
  const shares = exact.map(Math.floor);
  // Largest remainders get what rounding down has left over; the first among equals.
  const order = Array.from(exact.keys()).sort((a, b) => (exact[b]! % 1) - (exact[a]! % 1) || a - b);
  const left = wanted - shares.reduce((sum, share) => sum + share, 0);
  for (const i of order.slice(0, left)) shares[i]!++;
  const empty = shares.findIndex((share) => share < 1);
  if (empty < 0) return shares;
  throw new RangeError(
    `Cannot share ${wanted} images an epoch among ${sizes.length} datasets (${sampling}): number ${
      empty + 1
    } has none, ` +
      "expected more images an epoch",
  );
}

/**
 * Draws a fixed number of images of each of several datasets an epoch.
 *
 * Each dataset is gone through in one random order after the other, epoch after epoch: a small one repeats within an epoch,
 * a large one takes several epochs, and no image ever comes more than once more often than another of its dataset. An epoch is a
 * function of the seed and its number.
 */
export class DatasetSampler implements ImageSampler {
  readonly count: number;
  readonly #engine: Pick<Engine, "permutation">;
  readonly #datasets: readonly { indices: Uint32Array; share: number; seed: number }[];

  /**
   * @param engine Draws the permutations.
   * @param datasets Images of each dataset.
   * @param options `shares`: images of each an epoch; `seed` of this sampler (derived from the user's).
   * @throws {RangeError} If a dataset has no images.
   */
  constructor(
    engine: Pick<Engine, "permutation">,
    datasets: readonly Uint32Array[],
    { shares, seed }: { shares: readonly number[]; seed: number },
  ) {
    const empty = datasets.findIndex(({ length }) => length === 0);
    if (empty >= 0) throw new RangeError(`Cannot draw images: dataset ${empty + 1} has none, expected at least one`);
    this.#engine = engine;
    this.#datasets = datasets.map((indices, i) => ({
      indices,
      share: shares[i]!,
      seed: deriveSeed(seed, `dataset ${i}`),
    }));
    this.count = shares.reduce((sum, share) => sum + share, 0);
  }

  at(epoch: number): Uint32Array {
    const drawn = new Uint32Array(this.count);
    let place = 0;
    for (const { indices, share, seed } of this.#datasets) {
      let order: Uint32Array = new Uint32Array();
      for (let turn = epoch * share; turn < (epoch + 1) * share; turn++) {
        const position = turn % indices.length;
        if (order.length === 0 || position === 0) {
          order = this.#engine.permutation(indices.length, seed, Math.floor(turn / indices.length));
        }
        drawn[place++] = indices[order[position]!]!;
      }
    }
    return drawn;
  }
}

/**
 * Makes epochs of the images of datasets.
 *
 * @param engine Draws which images of a larger dataset an epoch has.
 * @param datasets Images of each dataset.
 * @param options How epochs are shared among them, each image once if left out; the seed of this order (not the user's, but
 * one derived from it).
 * @returns The sampler.
 * @throws {RangeError} If an epoch has no image of one of them.
 */
export function sampleDatasets(
  engine: Pick<Engine, "permutation">,
  datasets: readonly Uint32Array[],
  { shares, seed }: { shares: Shares | undefined; seed: number },
): ImageSampler {
  if (shares === undefined) return everyImage(join(datasets));
  const { sampling, imagesPerEpoch: total } = shares;
  const sizes = datasets.map(({ length }) => length);
  return new DatasetSampler(engine, datasets, { shares: shareImages(sizes, { sampling, total }), seed });
}

function join(parts: readonly Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    joined.set(part, place);
    place += part.length;
  }
  return joined;
}
