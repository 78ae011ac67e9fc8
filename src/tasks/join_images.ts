import { type Dataset, pixelPieces, type Pixels } from "../data/mod.ts";
import type { Augmentation, Engine, ImageStore } from "../engine/mod.ts";
import { type DatasetImages } from "../batches/mod.ts";

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

/**
 * Copies images of datasets into one store, one dataset after the other.
 *
 * @param engine Holds the images, and resizes them.
 * @param datasets The datasets.
 * @param options The part of each, and the size of all images.
 * @returns The store, and the place of each dataset in it.
 */
export function joinImages(
  engine: Engine,
  datasets: readonly Dataset[],
  { part, size }: { part: "train" | "test"; size: ImageSize },
): { images: ImageStore; places: DatasetPlace[] } {
  const count = datasets.reduce((sum, dataset) => sum + dataset[part].count, 0);
  const images = engine.makeImages({ count, ...size });
  let [first, firstClass] = [0, 0];
  const places = datasets.map((dataset): DatasetPlace => {
    const { [part]: { labels }, classes: { length: classes } } = dataset;
    copyImages(engine, { ...dataset, pixels: dataset[part].pixels }, { images, first, size });
    const place = { first, labels, classes, firstClass };
    first += labels.length;
    firstClass += classes;
    return place;
  });
  return { images, places };
}

/** Copies images, brought to the size of the store, to their place in it. */
function copyImages(
  engine: Engine,
  { pixels, height, width, channels }: ImageSize & { readonly pixels: Pixels },
  { images, first, size }: { images: ImageStore; first: number; size: ImageSize },
): void {
  const isSame = size.height === height && size.width === width && size.channels === channels;
  const from = height * width * channels;
  for (const { first: place, bytes } of pixelPieces(pixels, from)) {
    if (isSame) {
      images.write(first + place, bytes);
      continue;
    }
    for (let i = 0; i * from < bytes.length; i++) {
      const picture = bytes.subarray(i * from, (i + 1) * from);
      images.write(first + place + i, engine.resize(picture, { height, width, channels }, size));
    }
  }
}

/**
 * A dataset's augmentation in pixels of another size.
 *
 * @param dataset Its augmentation, in pixels of its own images.
 * @param to Size of the images to vary.
 * @returns Padding and cutout in pixels of that size, by the ratio of the shorter sides; flips as they are.
 */
export function scaleAugmentation({ height, width, augmentation }: Dataset, to: ImageSize): Augmentation {
  const factor = Math.min(to.height, to.width) / Math.min(height, width);
  const { cropPadding, flip, cutout } = augmentation;
  return { cropPadding: Math.round(factor * cropPadding), flip, cutout: Math.round(factor * cutout) };
}
