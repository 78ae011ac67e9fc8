import { type Dataset, pickPixels, pixelPieces } from "../data/mod.ts";
import type { Augmentation, Engine, ImageStore, ResidentImages } from "../engine/mod.ts";
import type { DatasetImages } from "../batches/mod.ts";

/** Size of an image. */
export interface ImageSize {
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** 1 for grey, 3 for colour. */
  readonly channels: 1 | 3;
}

/**
 * The size to which datasets are brought: that which most of them have, the one with the most pixels among equals; in colour
 * if one is.
 *
 * @param datasets Sizes of their images; of one dataset it is its own.
 * @returns The size.
 */
export function commonSize(datasets: readonly ImageSize[]): ImageSize {
  const votes = ({ height, width }: ImageSize) =>
    datasets.filter((other) => other.height === height && other.width === width).length;
  const [{ height, width }] = datasets.toSorted((a, b) =>
    votes(b) - votes(a) || b.height * b.width - a.height * a.width
  ) as [ImageSize];
  return { height, width, channels: datasets.some(({ channels }) => channels === 3) ? 3 : 1 };
}

/** Where the images and classes of a dataset stand among those of several. */
export type DatasetPlace = Pick<DatasetImages, "first" | "labels" | "classes" | "firstClass">;

/** Which images are joined and how. */
export interface JoinOptions {
  /** The part of each dataset. */
  readonly part: "train" | "test";
  /** The size of all images. */
  readonly size: ImageSize;
  /** Whether images stay where they are until a batch needs them, rather than in the engine's memory; they do not if left out. */
  readonly isStreamed?: boolean | undefined;
}

/**
 * Puts images of datasets into one store, one dataset after the other.
 *
 * @param engine Holds the images, and resizes them.
 * @param datasets The datasets.
 * @param options Which part, in which size, and whether they are streamed.
 * @returns The store, and the place of each dataset in it.
 */
export function joinImages(
  engine: Engine,
  datasets: readonly Dataset[],
  { part, size, isStreamed = false }: JoinOptions,
): { images: ImageStore; places: DatasetPlace[] } {
  let [first, firstClass] = [0, 0];
  const places = datasets.map((dataset): DatasetPlace => {
    const { [part]: { labels }, classes: { length: classes } } = dataset;
    const place = { first, labels, classes, firstClass };
    first += labels.length;
    firstClass += classes;
    return place;
  });
  const shape = { count: first, ...size };
  if (isStreamed) {
    const read = (indices: Uint32Array) => readImages(engine, datasets, { part, size, places, indices });
    return { images: engine.streamImages(shape, read), places };
  }
  const images = engine.makeImages(shape);
  datasets.forEach((dataset, i) => copyImages(engine, dataset, { images, first: places[i]!.first, part, size }));
  return { images, places };
}

/** Copies images, brought to the size of the store, to their place in it. */
function copyImages(
  engine: Engine,
  dataset: Dataset,
  { images, first, part, size }: JoinOptions & { images: ResidentImages; first: number },
): void {
  for (const { first: place, bytes } of pixelPieces(dataset[part].pixels, bytesOf(dataset))) {
    images.write(first + place, fitImages(engine, bytes, { from: dataset, to: size }));
  }
}

/** Reads images by their indices in a store, brought to its size. */
function readImages(
  engine: Engine,
  datasets: readonly Dataset[],
  { part, size, places, indices }: JoinOptions & { places: readonly DatasetPlace[]; indices: Uint32Array },
): Uint8Array {
  const bytes = new Uint8Array(indices.length * bytesOf(size));
  const of = (index: number) => places.findLastIndex(({ first }) => first <= index);
  for (let start = 0, end = 0; start < indices.length; start = end) {
    const i = of(indices[start]!);
    for (end = start + 1; end < indices.length && of(indices[end]!) === i;) end++;
    const [dataset, { first }] = [datasets[i]!, places[i]!];
    const picked = pickPixels(
      dataset[part].pixels,
      indices.subarray(start, end).map((index) => index - first),
      bytesOf(dataset),
    );
    bytes.set(fitImages(engine, picked.read(0, picked.length), { from: dataset, to: size }), start * bytesOf(size));
  }
  return bytes;
}

/** Brings images to a size. */
function fitImages(
  engine: Engine,
  bytes: Uint8Array,
  { from: { height, width, channels }, to }: { from: ImageSize; to: ImageSize },
): Uint8Array {
  if (to.height === height && to.width === width && to.channels === channels) return bytes;
  const from = { height, width, channels };
  const count = bytes.length / bytesOf(from);
  const fitted = new Uint8Array(count * bytesOf(to));
  for (let i = 0; i < count; i++) {
    const picture = bytes.subarray(i * bytesOf(from), (i + 1) * bytesOf(from));
    fitted.set(engine.resize(picture, from, to), i * bytesOf(to));
  }
  return fitted;
}

function bytesOf({ height, width, channels }: ImageSize): number {
  return height * width * channels;
}

/**
 * A dataset's augmentation in pixels of another size.
 *
 * @param dataset Its augmentation, in pixels of its own images.
 * @param to Size of the images to vary.
 * @returns Padding and cutout in pixels of that size, by the ratio of the shorter sides; the rest as it is.
 */
export function scaleAugmentation({ height, width, augmentation }: Dataset, to: ImageSize): Augmentation {
  const factor = Math.min(to.height, to.width) / Math.min(height, width);
  const { cropPadding, cutout } = augmentation;
  return { ...augmentation, cropPadding: Math.round(factor * cropPadding), cutout: Math.round(factor * cutout) };
}
