import { createHash } from "node:crypto";
import { type Dataset, openDataset } from "../data/mod.ts";
import type { Augmentation, Engine, ImageStore } from "../engine/mod.ts";
import type { LabelledImages } from "./batches.ts";
import type { Mixture } from "./mixture.ts";
import type { SearchTask } from "./search_task.ts";
import { firstIndices } from "./task.ts";

/** Several datasets in the engine's memory as one: one image size, one list of classes. */
export interface JointTask extends SearchTask {
  /** What all of it is together, as a dataset would say it. */
  readonly dataset: SearchTask["dataset"] & {
    /** Classes of all datasets, `DATASET/CLASS`, one dataset after the other. */
    readonly classes: readonly string[];
    /** Image height in pixels. */
    readonly height: number;
    /** Image width in pixels. */
    readonly width: number;
    /** 3 if a dataset is in colour, else 1. */
    readonly channels: 1 | 3;
    /** Number of training images. */
    readonly train: { readonly count: number };
  };
  /** The datasets. */
  readonly mixture: Mixture;
  /** The datasets themselves. */
  readonly datasets: readonly Dataset[];
  /** Mean and deviation of each. */
  readonly statistics: readonly { readonly mean: readonly number[]; readonly std: readonly number[] }[];
  /** How images of each are varied. */
  readonly augmentations: readonly Augmentation[];
  /** Copies the test images into the engine's memory, too, to be prepared as the training images of their dataset are. */
  openTests(): JointTests;
}

/** Test images of several datasets. */
export interface JointTests {
  /** All of them. */
  readonly images: LabelledImages;
  /** Those of each dataset, as indices into the images of all. */
  readonly members: readonly Uint32Array[];
}

/** How datasets are put together. */
export type JointOptions = Pick<Mixture, "sampling" | "imagesPerEpoch" | "validationImages">;

/**
 * Opens datasets and copies their training images into the engine's memory, all in one size: that which most datasets have,
 * the largest among equals; in colour if one is. Each is normalised by its own mean and deviation, and varied as it allows.
 *
 * @param engine The engine.
 * @param namesOrPaths Names of embedded datasets, or folders.
 * @param options How epochs are shared.
 * @returns The task.
 * @throws {DataError} If there is no such dataset or it is damaged.
 * @throws {RangeError} If a dataset is there twice.
 */
export async function openJointTask(
  engine: Engine,
  namesOrPaths: readonly string[],
  shares: JointOptions,
): Promise<JointTask> {
  const datasets: Dataset[] = [];
  for (const name of namesOrPaths) {
    const dataset = await openDataset(name);
    const twin = datasets.find(({ fingerprint }) => fingerprint === dataset.fingerprint);
    if (twin !== undefined) {
      throw new RangeError(
        `Cannot put datasets together: ${name} holds the images of ${twin.name} again, expected others`,
      );
    }
    datasets.push(dataset);
  }
  const shape = {
    ...commonSize(datasets),
    channels: datasets.some(({ channels }) => channels === 3) ? 3 as const : 1 as const,
  };
  const train = joinImages(engine, datasets, { part: "train", shape });
  const { images, labels, of, members } = train;
  const count = images.count;
  const statistics = members.map((member) => images.statistics(member));
  const augmentations = datasets.map((dataset) => scaleAugmentation(dataset, shape));
  const preparations = statistics.map((part, i) => ({ ...part, augment: augmentations[i]! }));
  const whole = images.statistics(firstIndices(count));
  const hash = createHash("sha256");
  for (const { fingerprint } of datasets) hash.update(fingerprint);
  return {
    dataset: {
      classes: datasets.flatMap(({ name, classes }) => classes.map((label) => `${name}/${label}`)),
      ...shape,
      train: { count },
      augmentation: "own",
      fingerprint: hash.digest("hex"),
    },
    train: { images, labels, ...whole, parts: { of, preparations } },
    trainIndices: firstIndices(count),
    mixture: {
      names: datasets.map(({ name }) => name),
      heads: datasets.map(({ classes }) => classes.length),
      members,
      ...shares,
    },
    datasets,
    statistics,
    augmentations,
    openTests() {
      const { images, labels, of, members } = joinImages(engine, datasets, { part: "test", shape });
      return { images: { images, labels, ...whole, parts: { of, preparations } }, members };
    },
  };
}

/** The size that most datasets have; the one with the most pixels among equals. */
export function commonSize(datasets: readonly { height: number; width: number }[]): { height: number; width: number } {
  const votes = ({ height, width }: { height: number; width: number }) =>
    datasets.filter((other) => other.height === height && other.width === width).length;
  const [{ height, width }] = datasets.toSorted((a, b) =>
    votes(b) - votes(a) || b.height * b.width - a.height * a.width
  ) as [Dataset];
  return { height, width };
}

/** The images of one part of all datasets in one store, with the label and the dataset of each, and each dataset's indices. */
function joinImages(
  engine: Engine,
  datasets: readonly Dataset[],
  { part, shape }: { part: "train" | "test"; shape: { height: number; width: number; channels: 1 | 3 } },
) {
  const count = datasets.reduce((sum, dataset) => sum + dataset[part].count, 0);
  const images = engine.makeImages({ count, ...shape });
  const [labels, of] = [new Uint32Array(count), new Uint32Array(count)];
  const members: Uint32Array[] = [];
  let [start, firstClass] = [0, 0];
  datasets.forEach((dataset, index) => {
    const own = dataset[part];
    copyImages(engine, { ...dataset, part: own }, images, start);
    const first = firstClass;
    labels.set(Uint32Array.from(own.labels, (label) => first + label), start);
    of.fill(index, start, start + own.count);
    const offset = start;
    members.push(firstIndices(own.count).map((place) => offset + place));
    start += own.count;
    firstClass += dataset.classes.length;
  });
  return { images, labels, of, members };
}

/** Copies images, brought to the size of the store, to their place in it. */
function copyImages(
  engine: Engine,
  { height, width, channels, part }: Pick<Dataset, "height" | "width" | "channels"> & { part: Dataset["train"] },
  to: ImageStore,
  start: number,
): void {
  const from = { height, width, channels };
  const size = height * width * channels;
  const shape = { height: to.height, width: to.width, channels: to.channels as 1 | 3 };
  if (shape.height === height && shape.width === width && shape.channels === channels) {
    to.write(start, part.images);
    return;
  }
  for (let i = 0; i < part.count; i++) {
    to.write(start + i, engine.resize(part.images.subarray(i * size, (i + 1) * size), from, shape));
  }
}

/** A dataset's augmentation in pixels of another size. */
function scaleAugmentation(
  { height, width, augmentation }: Dataset,
  to: { height: number; width: number },
): Augmentation {
  const factor = Math.min(to.height, to.width) / Math.min(height, width);
  const { cropPadding, flip, cutout } = augmentation;
  return { cropPadding: Math.round(factor * cropPadding), flip, cutout: Math.round(factor * cutout) };
}
