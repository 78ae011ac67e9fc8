import { basename } from "node:path";
import type { Augmentation } from "../engine/mod.ts";
import { defaultAugmentation } from "../batches/mod.ts";
import type { Dataset, Split } from "./dataset.ts";
import { DataError } from "./errors.ts";
import { fingerprint, type FingerprintContent } from "./fingerprint.ts";
import { checkImages, type Images } from "./images.ts";
import { checkInfo, type DatasetInfo } from "./info.ts";
import { countClasses, numberedClasses, requireLabels } from "./labels.ts";
import { type CompleteImport, DEFAULT_IMPORT } from "./import/settings.ts";
import type { RawDataset, RawPart } from "./readers/reader.ts";
import { type Pixels, pixelsInMemory } from "./pixels.ts";
import { splitIndices, takeImages } from "./split.ts";

/** A part whose pixels may be in a file. */
export type GatheredPart = Omit<RawPart, "pixels"> & { readonly pixels: Pixels };

/** What {@linkcode RawDataset} is, with pixels that may be in a file. */
export interface GatheredDataset extends Pick<RawDataset, "info" | "infoOrigin"> {
  /** The part to learn from. */
  readonly train: GatheredPart;
  /** Images to validate on, if any are set apart. */
  readonly validation?: GatheredPart | undefined;
  /** Test images, if any are set apart. */
  readonly test?: GatheredPart | undefined;
}

/** How a dataset is put together; all of it has defaults. */
export interface AssembleOptions extends Partial<Pick<Dataset, "unreadable" | "images">> {
  /** Takes the fingerprint; from the content itself if left out. */
  readonly identify?: ((content: FingerprintContent) => string) | undefined;
}

/**
 * Makes a dataset of what a reader has returned: checks all of it, sets test images apart if there are none, measures the
 * normalisation and takes the fingerprint.
 *
 * @param given What the reader found.
 * @param path What was opened, for messages and as a name.
 * @param options Which test images are set apart, what is left out.
 * @returns The dataset.
 * @throws {DataError} If parts contradict one another or the information, or hold what no network could take.
 */
export function assembleDataset(
  given: RawDataset | GatheredDataset,
  path: string,
  { unreadable = [], images = DEFAULT_IMPORT, identify = fingerprint }: AssembleOptions = {},
): Dataset {
  const raw = gatherParts(given);
  const info = checkInfo(raw.info, raw.infoOrigin);
  const { height, width, channels, count } = checkPart(raw.train);
  const others = [raw.validation, raw.test].filter((part) => part !== undefined);
  for (const part of others) requireSameSize(path, checkPart(part), part, raw.train);
  requireAgreement(raw.infoOrigin, info, { height, width, channels, train: count, test: raw.test?.count });
  const classes = info.classes ?? numberedClasses(raw.train.labels, raw.train.origin.labels);
  for (const { labels, origin } of [raw.train, ...others]) requireLabels(labels, classes.length, origin.labels);
  const parts = splitOff(raw, path, images);
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
    isTestSplitOff: raw.test === undefined,
    augmentation: info.augmentation === undefined
      ? defaultAugmentation(height, width)
      : checkAugmentation(info.augmentation, raw.infoOrigin, { height, width }),
    source: info.source ?? "not stated",
    licence: info.licence ?? "not stated",
    attribution: info.attribution ?? "",
    unreadable,
    images,
    fingerprint: identify(content),
  };
}

function gatherParts({ train, validation, test, info, infoOrigin }: RawDataset | GatheredDataset): GatheredDataset {
  const gather = (part: RawPart | GatheredPart): GatheredPart => {
    const { pixels } = part;
    return { ...part, pixels: pixels instanceof Uint8Array ? pixelsInMemory(pixels) : pixels };
  };
  return {
    train: gather(train),
    validation: validation && gather(validation),
    test: test && gather(test),
    info,
    infoOrigin,
  };
}

function checkPart(part: GatheredPart): Images<Pixels> {
  const { labels, origin } = part;
  const images = checkImages(part, origin.images);
  if (images.count === labels.length) return images;
  throw new DataError(
    `Cannot read ${origin.labels}: found ${labels.length} labels, ` +
      `expected ${images.count}, one for each image of ${basename(origin.images)}`,
  );
}

function requireSameSize(path: string, found: Images<Pixels>, { origin }: GatheredPart, train: GatheredPart): void {
  const describe = ({ height, width, channels }: Pick<GatheredPart, "height" | "width" | "channels">) =>
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

const fewestImages = 5;

function splitOff(
  { train, validation, test }: GatheredDataset,
  path: string,
  images: CompleteImport,
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
  const { first, second } = setApart(whole.labels, images, path);
  return { ...parts, train: takeImages(whole, first), test: takeImages(whole, second) };
}

/** Divides images so that no class loses its only one: what is never learnt cannot be tested. */
function setApart(
  labels: Uint8Array,
  { testPortion, splitSeed: seed }: CompleteImport,
  path: string,
): ReturnType<typeof splitIndices> {
  const total = Math.round((1 - testPortion) * labels.length);
  if (total === 0 || total === labels.length) {
    throw new DataError(
      `Cannot open dataset ${path}: a test portion of ${testPortion} of its ${labels.length} images leaves none ` +
        `${total === 0 ? "to learn from" : "to test on"}, expected another`,
    );
  }
  const { first, second } = splitIndices(labels, { seed, portion: 1 - testPortion });
  const counts = countClasses(labels, 256);
  const isOnly = (image: number) => counts[labels[image]!] === 1;
  if (!second.some(isOnly)) return { first, second };
  return {
    first: Uint32Array.from([...first, ...second.filter(isOnly)]).sort(),
    second: second.filter((image) => !isOnly(image)),
  };
}

function asSplit({ pixels, labels, count }: GatheredPart): Split {
  return { pixels, labels, count };
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
