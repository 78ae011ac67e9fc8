import type { Augmentation } from "../engine/mod.ts";
import type { Dataset } from "./dataset.ts";
import { DataError } from "./errors.ts";
import { readInfo } from "./info.ts";
import { countClasses } from "./labels.ts";
import { embeddedFolder, embeddedNames } from "./registry.ts";

/** One line about a dataset. */
export interface DatasetSummary {
  /** Short name, as `--data` takes it. */
  name: string;
  /** What the images show. */
  description: string;
  /** Number of classes. */
  classes: number;
  /** Image height in pixels. */
  height: number;
  /** Image width in pixels. */
  width: number;
  /** 1 for grey, 3 for colour. */
  channels: number;
  /** Number of training images. */
  train: number;
  /** Number of test images. */
  test: number;
  /** Where the images come from. */
  source: string;
  /** Terms under which they may be used. */
  licence: string;
}

/**
 * Lists the embedded datasets without reading their images.
 *
 * @returns One summary a dataset, in the order of {@linkcode embeddedNames}.
 * @throws {DataError} If an `info.json` of the installation is missing or damaged.
 */
export function listDatasets(): Promise<DatasetSummary[]> {
  return Promise.all(embeddedNames.map(async (name) => {
    const path = `${embeddedFolder(name)}/info.json`;
    const { description, classes, height, width, channels, train, test, source, licence } = await readInfo(path);
    if (
      description === undefined || classes === undefined || height === undefined || width === undefined ||
      channels === undefined || train === undefined || test === undefined || source === undefined ||
      licence === undefined
    ) throw new DataError(`Cannot read ${path}: it is missing or incomplete, restore it from the repository`);
    return { name, description, classes: classes.length, height, width, channels, train, test, source, licence };
  }));
}

/** Everything about a dataset but its pixels. */
export interface DatasetInspection extends Omit<DatasetSummary, "classes"> {
  /** Each class with its number of images. */
  classes: { name: string; train: number; test: number }[];
  /** Whom to credit; may be empty. */
  attribution: string;
  /** How training images may be varied. */
  augmentation: Augmentation;
  /** Identifies the content; see {@linkcode Dataset.fingerprint}. */
  fingerprint: string;
}

/**
 * Describes an opened dataset.
 *
 * @param dataset The dataset.
 * @returns A plain value, ready for JSON.
 */
export function inspectDataset(dataset: Dataset): DatasetInspection {
  const train = countClasses(dataset.train.labels, dataset.classes.length);
  const test = countClasses(dataset.test.labels, dataset.classes.length);
  const { name, description, height, width, channels, source, licence, attribution, augmentation, fingerprint } =
    dataset;
  return {
    name,
    description,
    height,
    width,
    channels,
    train: dataset.train.count,
    test: dataset.test.count,
    classes: dataset.classes.map((name, label) => ({ name, train: train[label]!, test: test[label]! })),
    source,
    licence,
    attribution,
    augmentation,
    fingerprint,
  };
}
