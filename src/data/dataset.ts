import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Augmentation } from "../engine/mod.ts";
import { didYouMean } from "../text/mod.ts";
import { defaultAugmentation } from "./augmentation.ts";
import { DataError, explainFailure } from "./errors.ts";
import { type DatasetFiles, findDatasetFiles } from "./folder.ts";
import { type Images, readImages } from "./images.ts";
import { type DatasetInfo, readInfo } from "./info.ts";
import { numberedClasses, readLabels, requireLabels } from "./labels.ts";
import { embeddedFolder, embeddedNames } from "./registry.ts";

/** Images with their labels. */
export interface Split {
  /** Pixels, [count, height, width, channels] row-major, 0 to 255. */
  readonly images: Uint8Array<ArrayBuffer>;
  /** Class of each image, an index into {@linkcode Dataset.classes}. */
  readonly labels: Uint8Array<ArrayBuffer>;
  /** Number of images, at least 1. */
  readonly count: number;
}

/** A checked image-classification dataset in memory. */
export interface Dataset {
  /** Short name. */
  readonly name: string;
  /** One sentence: what the images show; may be empty. */
  readonly description: string;
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** Image height in pixels. */
  readonly height: number;
  /** Image width in pixels. */
  readonly width: number;
  /** 1 for grey, 3 for colour (red, green, blue). */
  readonly channels: 1 | 3;
  /** The part to learn from, and to hold validation images out of. */
  readonly train: Split;
  /** The part that only a finished network sees. */
  readonly test: Split;
  /** How training images may be varied. */
  readonly augmentation: Augmentation;
  /** Where the images come from. */
  readonly source: string;
  /** Terms under which they may be used. */
  readonly licence: string;
  /** Whom to credit; may be empty. */
  readonly attribution: string;
  /** SHA-256 of the four IDX files, unpacked, one after the other: training images, labels, test images, labels. */
  readonly fingerprint: string;
}

/**
 * Opens a dataset by name, or from a folder of IDX files.
 *
 * @param nameOrPath A name of {@linkcode embeddedNames}, or a folder as `data/README.md` describes it. Names go first; write
 *   `./name` for a folder that has the name of an embedded dataset.
 * @returns The dataset, every label and size checked.
 * @throws {DataError} If there is no such dataset, or a file of it is missing, damaged or contradicts another.
 */
export async function openDataset(nameOrPath: string): Promise<Dataset> {
  const folder = embeddedFolder(nameOrPath) ?? nameOrPath;
  await requireFolder(folder);
  const files = await findDatasetFiles(folder);
  const info = await readInfo(files.info);
  const train = await readPart(files.train);
  const test = await readPart(files.test);
  requireSameSize(folder, files, train.images, test.images);
  const { height, width, channels } = train.images;
  requireAgreement(files.info, info, { height, width, channels, train: train.images.count, test: test.images.count });
  const classes = info.classes ?? numberedClasses(train.labels.data, files.train.labels);
  requireLabels(train.labels.data, classes.length, files.train.labels);
  requireLabels(test.labels.data, classes.length, files.test.labels);
  return {
    name: info.name ?? basename(folder),
    description: info.description ?? "",
    classes,
    height,
    width,
    channels,
    train: { images: train.images.pixels, labels: train.labels.data, count: train.images.count },
    test: { images: test.images.pixels, labels: test.labels.data, count: test.images.count },
    augmentation: checkAugmentation(info.augmentation ?? defaultAugmentation(height, width), files.info, train.images),
    source: info.source ?? "not stated",
    licence: info.licence ?? "not stated",
    attribution: info.attribution ?? "",
    fingerprint: fingerprint([train.images.file, train.labels.file, test.images.file, test.labels.file]),
  };
}

async function requireFolder(folder: string): Promise<void> {
  const known = `a name of ${embeddedNames.join(", ")}`;
  if (folder === "") throw new DataError(`Cannot open dataset: its name is empty, expected a folder or ${known}`);
  try {
    if (!(await Deno.stat(folder)).isDirectory) {
      throw new DataError(`Cannot open dataset ${folder}: it is a file, expected a folder of IDX files`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw explainFailure("open dataset", folder, error);
    throw new DataError(
      `Cannot open dataset ${folder}: found no such folder, expected one or ${known}${
        didYouMean(folder, embeddedNames)
      }`,
      { cause: error },
    );
  }
}

async function readPart(files: DatasetFiles["train"]) {
  const images = await readImages(files.images);
  const labels = await readLabels(files.labels);
  if (images.count !== labels.data.length) {
    throw new DataError(
      `Cannot read ${files.labels}: found ${labels.data.length} labels, ` +
        `expected ${images.count}, one for each image of ${basename(files.images)}`,
    );
  }
  return { images, labels };
}

function requireSameSize(folder: string, files: DatasetFiles, train: Images, test: Images): void {
  const describe = ({ height, width, channels }: Images) => `${height}x${width}x${channels}`;
  if (describe(train) === describe(test)) return;
  throw new DataError(
    `Cannot open dataset ${folder}: ${basename(files.test.images)} has images of ${describe(test)}, ` +
      `expected ${describe(train)} as in ${basename(files.train.images)}`,
  );
}

function requireAgreement(path: string, info: DatasetInfo, found: Record<AgreedField, number>): void {
  for (const field of Object.keys(found) as AgreedField[]) {
    const stated = info[field];
    if (stated === undefined || stated === found[field]) continue;
    throw new DataError(`Cannot read ${path}: "${field}" is ${stated}, expected ${found[field]} as in the IDX files`);
  }
}

type AgreedField = "height" | "width" | "channels" | "train" | "test";

function checkAugmentation(augmentation: Augmentation, path: string, { height, width }: Images): Augmentation {
  const side = Math.min(height, width);
  const { cropPadding, cutout } = augmentation;
  if (2 * cropPadding <= side && cutout <= side) return augmentation;
  throw new DataError(
    `Cannot read ${path}: "augmentation" has cropPadding ${cropPadding} and cutout ${cutout}, ` +
      `expected at most ${Math.floor(side / 2)} and ${side} for images of ${height}x${width}`,
  );
}

function fingerprint(files: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file);
  return hash.digest("hex");
}
