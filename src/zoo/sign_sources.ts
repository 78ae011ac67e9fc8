import type { CardSource } from "./card.ts";
import { type Dataset, type Pixels, subset } from "../data/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { deriveSeed } from "../network/mod.ts";
import { type Embedder, EMBEDDING_SIDE, openEmbedder } from "./embedding.ts";
import { type DatasetSignature, SIGNATURE_IMAGES } from "./signature.ts";

/** A dataset's images as they are. */
export interface SignedImages {
  /** Name of the dataset. */
  readonly name: string;
  /** Names of its classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** Rows of an image. */
  readonly height: number;
  /** Columns of an image. */
  readonly width: number;
  /** 1 grey, 3 colour. */
  readonly channels: 1 | 3;
  /** The images, [count, height, width, channels] row-major, and their labels. */
  readonly train: { readonly pixels: Pixels; readonly labels: Uint8Array };
}

/**
 * Signs chosen images of a dataset: brought to 32×32 in colour (bilinear with antialiasing, grey replicated), then embedded.
 *
 * @param embedder The embedding network.
 * @param dataset The dataset.
 * @param indices Which training images.
 * @returns Its signature.
 */
export function signDataset(embedder: Embedder, dataset: SignedImages, indices: Uint32Array): DatasetSignature {
  const { name, classes, height, width, channels, train } = dataset;
  const size = height * width * channels;
  const shape = { height: EMBEDDING_SIDE, width: EMBEDDING_SIDE, channels: 3 } as const;
  const pictureSize = EMBEDDING_SIDE ** 2 * 3;
  const pixels = new Uint8Array(indices.length * pictureSize);
  indices.forEach((image, place) => {
    const picture = train.pixels.read(image * size, (image + 1) * size);
    pixels.set(embedder.engine.resize(picture, { height, width, channels }, shape), place * pictureSize);
  });
  const labels = Uint8Array.from(indices, (image) => train.labels[image]!);
  return { name, classes, features: embedder.embed(pixels), labels };
}

/**
 * Signs a dataset with a class-balanced sample of its training images.
 *
 * @param embedder The embedding network.
 * @param dataset The dataset.
 * @param options Most images, and the seed that chooses them.
 * @returns The signature.
 * @example A hundred digits
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDataset } from "../data/mod.ts";
 * import { Engine } from "../engine/mod.ts";
 * import { openEmbedder, sampleSignature } from "./mod.ts";
 *
 * const engine = await Engine.start({ threads: 1 });
 * const embedder = await openEmbedder(engine);
 * const signature = sampleSignature(embedder, await openDataset("uci-digits"), { images: 100, seed: 0 });
 * assertEquals(signature.features.length, 100 * 128);
 * engine.close();
 * ```
 */
export function sampleSignature(
  embedder: Embedder,
  dataset: Dataset,
  { images, seed }: { images: number; seed: number },
): DatasetSignature {
  const { labels, count } = dataset.train;
  const chosen = subset(labels, { seed: deriveSeed(seed, "signature"), count: Math.min(images, count) });
  return signDataset(embedder, dataset, chosen);
}

/**
 * Signs the datasets of a zoo entry, each with as many images as a signature holds of one.
 *
 * @param engine Runs the embedding network.
 * @param datasets In the order of the card's sources.
 * @param seed Chooses the images.
 * @returns Signatures, one a dataset.
 * @throws {RunError} If the embedding network cannot be read; one line.
 */
export async function signSources(
  engine: Engine,
  datasets: readonly Dataset[],
  seed: number,
): Promise<DatasetSignature[]> {
  using embedder = await openEmbedder(engine);
  return datasets.map((dataset) => sampleSignature(embedder, dataset, { images: SIGNATURE_IMAGES, seed }));
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
