import { type Dataset, openDataset } from "../data/mod.ts";
import type { Engine } from "../engine/mod.ts";
import type { LabelledImages } from "./batches.ts";

/** A dataset in the engine's memory. */
export interface Task {
  /** What it is. */
  readonly dataset: Dataset;
  /** Images to learn from. */
  readonly train: LabelledImages;
  /** Indices of all of them. */
  readonly trainIndices: Uint32Array;
  /** Images that only a finished network sees, normalised like the training images. */
  readonly test: LabelledImages;
  /** Indices of all of them. */
  readonly testIndices: Uint32Array;
}

/**
 * Opens a dataset and copies it into the engine's memory, to be normalised by the mean and deviation of its training images.
 *
 * @param engine The engine.
 * @param nameOrPath Name of an embedded dataset, or a folder.
 * @returns The task.
 * @throws {DataError} If there is no such dataset or it is damaged.
 */
export async function openTask(engine: Engine, nameOrPath: string): Promise<Task> {
  const dataset = await openDataset(nameOrPath);
  const load = ({ images, count }: { images: Uint8Array; count: number }) => {
    const { height, width, channels } = dataset;
    return engine.loadImages(images, { count, height, width, channels });
  };
  const train = load(dataset.train);
  const trainIndices = firstIndices(dataset.train.count);
  const statistics = train.statistics(trainIndices);
  return {
    dataset,
    train: { images: train, labels: dataset.train.labels, ...statistics },
    trainIndices,
    test: { images: load(dataset.test), labels: dataset.test.labels, ...statistics },
    testIndices: firstIndices(dataset.test.count),
  };
}

/** The numbers 0 to count − 1. */
export function firstIndices(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}
