import { basename } from "node:path";
import type { Augmentation } from "../engine/mod.ts";
import { defaultAugmentation } from "./augmentation.ts";
import type { Dataset, Split } from "./dataset.ts";
import { DataError } from "./errors.ts";
import { fingerprint } from "./fingerprint.ts";
import { checkImages, type Images } from "./images.ts";
import { checkInfo, type DatasetInfo } from "./info.ts";
import { numberedClasses, requireLabels } from "./labels.ts";
import type { RawDataset, RawPart } from "./readers/reader.ts";
import { pixelsInMemory } from "./pixels.ts";
import { splitIndices, takeImages } from "./split.ts";

/**
 * Makes a dataset of what a reader has returned: checks all of it, sets test images apart if there are none, measures the
 * normalisation and takes the fingerprint.
 *
 * @param raw What the reader found.
 * @param path What was opened, for messages and as a name.
 * @returns The dataset.
 * @throws {DataError} If parts contradict one another or the information, or hold what no network could take.
 */
export function assembleDataset(raw: RawDataset, path: string): Dataset {
  const info = checkInfo(raw.info, raw.infoOrigin);
  const { height, width, channels, count } = checkPart(raw.train);
  const others = [raw.validation, raw.test].filter((part) => part !== undefined);
  for (const part of others) requireSameSize(path, checkPart(part), part, raw.train);
  requireAgreement(raw.infoOrigin, info, { height, width, channels, train: count, test: raw.test?.count });
  const classes = info.classes ?? numberedClasses(raw.train.labels, raw.train.origin.labels);
  for (const { labels, origin } of [raw.train, ...others]) requireLabels(labels, classes.length, origin.labels);
  const parts = splitOff(raw, path);
  const content = {
    classes,
    height,
    width,
    channels,
    ...parts,
  };
  return {
    name: info.name ?? basename(path),
    description: info.description ?? "",
    ...content,
    augmentation: info.augmentation === undefined
      ? defaultAugmentation(height, width)
      : checkAugmentation(info.augmentation, raw.infoOrigin, { height, width }),
    source: info.source ?? "not stated",
    licence: info.licence ?? "not stated",
    attribution: info.attribution ?? "",
    fingerprint: fingerprint(content),
  };
}

function checkPart(part: RawPart): Images {
  const { labels, origin } = part;
  const images = checkImages(part, origin.images);
  if (images.count === labels.length) return images;
  throw new DataError(
    `Cannot read ${origin.labels}: found ${labels.length} labels, ` +
      `expected ${images.count}, one for each image of ${basename(origin.images)}`,
  );
}

function requireSameSize(path: string, found: Images, { origin }: RawPart, train: RawPart): void {
  const describe = ({ height, width, channels }: Pick<RawPart, "height" | "width" | "channels">) =>
    `${height}x${width}x${channels}`;
  if (describe(found) === describe(train)) return;
  throw new DataError(
    `Cannot open dataset ${path}: ${basename(origin.images)} has images of ${describe(found)}, ` +
      `expected ${describe(train)} as in ${basename(train.origin.images)}`,
  );
}

type AgreedField = "height" | "width" | "channels" | "train" | "test";

function requireAgreement(path: string, info: DatasetInfo, found: Record<AgreedField, number | undefined>): void {
  for (const field of Object.keys(found) as AgreedField[]) {
    const [stated, value] = [info[field], found[field]];
    if (stated === undefined || value === undefined || stated === value) continue;
    throw new DataError(`Cannot read ${path}: "${field}" is ${stated}, expected ${value} as in the images' files`);
  }
}

/** Seed and share of the images that are learnt from when a dataset comes without test images. */
const holdOut = { seed: 0, portion: 0.8 };
const fewestImages = 5;

function splitOff(
  { train, validation, test }: RawDataset,
  path: string,
): Pick<Dataset, "train" | "validation" | "test"> {
  const whole = asSplit(train);
  const parts = { train: whole, validation: validation && asSplit(validation) };
  if (test !== undefined) return { ...parts, test: asSplit(test) };
  if (whole.count < fewestImages) {
    throw new DataError(
      `Cannot open dataset ${path}: found no test images and ${whole.count} others, ` +
        `expected at least ${fewestImages} to set some apart`,
    );
  }
  const { first, second } = splitIndices(whole.labels, holdOut);
  return { ...parts, train: takeImages(whole, first), test: takeImages(whole, second) };
}

function asSplit({ pixels, labels, count }: RawPart): Split {
  return { pixels: pixelsInMemory(pixels), labels, count };
}

function checkAugmentation(
  augmentation: Augmentation,
  path: string,
  { height, width }: { height: number; width: number },
): Augmentation {
  const side = Math.min(height, width);
  const { cropPadding, cutout } = augmentation;
  if (2 * cropPadding <= side && cutout <= side) return augmentation;
  throw new DataError(
    `Cannot read ${path}: "augmentation" has cropPadding ${cropPadding} and cutout ${cutout}, ` +
      `expected at most ${Math.floor(side / 2)} and ${side} for images of ${height}x${width}`,
  );
}
