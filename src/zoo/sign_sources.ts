import type { CardSource } from "./card.ts";
import { type Dataset, subset } from "../data/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { deriveSeed } from "../network/mod.ts";
import { type DatasetSignature, SIGNATURE_IMAGES, signDataset } from "./signature.ts";

/**
 * Signs a dataset with a class-balanced sample of its training images.
 *
 * @param engine Resizes the images.
 * @param dataset The dataset.
 * @param options Most images, and the seed that chooses them.
 * @returns The signature.
 * @example A hundred digits
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDataset } from "../data/mod.ts";
 * import { Engine } from "../engine/mod.ts";
 * import { sampleSignature } from "./mod.ts";
 *
 * const engine = await Engine.start({ threads: 1 });
 * const signature = sampleSignature(engine, await openDataset("uci-digits"), { images: 100, seed: 0 });
 * assertEquals(signature.pixels.length, 100 * 28 * 28);
 * engine.close();
 * ```
 */
export function sampleSignature(
  engine: Engine,
  dataset: Dataset,
  { images, seed }: { images: number; seed: number },
): DatasetSignature {
  const { labels, count } = dataset.train;
  const chosen = subset(labels, { seed: deriveSeed(seed, "signature"), count: Math.min(images, count) });
  return signDataset(engine, dataset, chosen);
}

/**
 * Signs the datasets of a zoo entry, each with as many images as a signature holds of one.
 *
 * @param engine Resizes the images.
 * @param datasets In the order of the card's sources.
 * @param seed Chooses the images.
 * @returns Signatures, one a dataset.
 */
export function signSources(engine: Engine, datasets: readonly Dataset[], seed: number): DatasetSignature[] {
  return datasets.map((dataset) => sampleSignature(engine, dataset, { images: SIGNATURE_IMAGES, seed }));
}

/**
 * What a card says of datasets.
 *
 * @param datasets The datasets.
 * @param statistics Mean and deviation of each.
 * @returns One source a dataset.
 */
export function describeSources(
  datasets: readonly Dataset[],
  statistics: readonly { readonly mean: readonly number[]; readonly std: readonly number[] }[],
): CardSource[] {
  return datasets.map(({ name, classes, source: origin, licence, fingerprint }, i) => ({
    name,
    classes,
    origin,
    licence,
    fingerprint,
    mean: statistics[i]!.mean,
    std: statistics[i]!.std,
  }));
}
