import type { Augmentation, Jitter } from "../engine/mod.ts";
import { DataError, explainFailure } from "./errors.ts";
import { exists, readBounded } from "./files.ts";

/** What `info.json` may say about a dataset; every field can be left out, and unknown fields are ignored. */
export interface DatasetInfo {
  /** Short name, as shown in tables. */
  name?: string;
  /** One sentence: what the images show. */
  description?: string;
  /** Names of the classes, in the order of the labels; 2 to 256, all different. */
  classes?: string[];
  /** Image height in pixels. */
  height?: number;
  /** Image width in pixels. */
  width?: number;
  /** 1 for grey, 3 for colour. */
  channels?: number;
  /** Number of training images. */
  train?: number;
  /** Number of test images. */
  test?: number;
  /** Where the images come from. */
  source?: string;
  /** Terms under which they may be used. */
  licence?: string;
  /** Whom to credit, and what was changed. */
  attribution?: string;
  /** How training images may be varied. */
  augmentation?: Augmentation;
}

/** Largest file of information that is read: 1 MiB. */
export const maximumInfoBytes = 1 << 20;
const maximumTextLength = 2000;

/**
 * Reads the `info.json` of a dataset folder.
 *
 * @param path The file.
 * @returns Its known fields; empty if there is no such file.
 * @throws {DataError} If it cannot be read, is no JSON object, or a known field has a wrong type or value.
 */
export async function readInfo(path: string): Promise<DatasetInfo> {
  if (!await exists(path)) return {};
  return parseInfo(await readBounded(path, { maximumBytes: maximumInfoBytes }), path);
}

/**
 * Reads the content of an `info.json`, wherever it stands.
 *
 * @param bytes The file.
 * @param path Its path, for messages.
 * @returns Its known fields.
 * @throws {DataError} If it is no JSON object, or a known field has a wrong type or value.
 */
export function parseInfo(bytes: Uint8Array, path: string): DatasetInfo {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw explainFailure("read", path, error);
  }
  return checkInfo(document, path);
}

/**
 * Checks the content of an `info.json`.
 *
 * @param document The parsed JSON.
 * @param path The file, for messages.
 * @returns The known fields.
 * @throws {DataError} If it is no object, or a known field has a wrong type or value; names the field.
 */
export function checkInfo(document: unknown, path: string): DatasetInfo {
  if (!isObject(document)) throw new DataError(`Cannot read ${path}: it holds no JSON object`);
  const fail = (field: string, expected: string): never => {
    const found = JSON.stringify(document[field]) ?? "nothing";
    throw new DataError(`Cannot read ${path}: "${field}" is ${shorten(found)}, expected ${expected}`);
  };
  const info: DatasetInfo = {};
  for (const field of ["name", "description", "source", "licence", "attribution"] as const) {
    const value = document[field];
    if (value === undefined) continue;
    if (!isText(value)) fail(field, `one line of at most ${maximumTextLength} characters`);
    info[field] = value as string;
  }
  for (const field of ["height", "width", "channels", "train", "test"] as const) {
    const value = document[field];
    if (value === undefined) continue;
    if (!isCount(value)) fail(field, "a whole number");
    info[field] = value as number;
  }
  if (document.classes !== undefined) {
    if (!isClassList(document.classes)) fail("classes", "a list of 2 to 256 different names");
    info.classes = document.classes as string[];
  }
  if (document.augmentation !== undefined) {
    if (!isAugmentation(document.augmentation)) {
      fail(
        "augmentation",
        '{"cropPadding": pixels, "flip": true or false, "cutout": pixels}, or "cropScale" above 0 to 1 with cropPadding 0, ' +
          'and "jitter": {"brightness", "contrast", "saturation"}, 0 to 1 each',
      );
    }
    info.augmentation = pickAugmentation(document.augmentation as Augmentation);
  }
  return info;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Control characters are refused because these texts are printed on terminals.
function isText(value: unknown): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= maximumTextLength && !/\p{Cc}/u.test(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isClassList(value: unknown): boolean {
  return Array.isArray(value) && value.length >= 2 && value.length <= 256 && value.every(isText) &&
    new Set(value).size === value.length;
}

function isAugmentation(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { cropPadding, flip, cutout, cropScale = 1, jitter } = value;
  const isResized = isShare(cropScale) && cropScale > 0 && (cropScale === 1 || cropPadding === 0);
  const isJitter = jitter === undefined ||
    isObject(jitter) && [jitter.brightness, jitter.contrast, jitter.saturation].every(isShare);
  return isCount(cropPadding) && typeof flip === "boolean" && isCount(cutout) && isResized && isJitter;
}

function isShare(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}

/** The known fields, without those that are not there. */
function pickAugmentation({ cropPadding, flip, cutout, cropScale, jitter }: Augmentation): Augmentation {
  const picked: Augmentation = { cropPadding, flip, cutout };
  if (cropScale !== undefined) picked.cropScale = cropScale;
  if (jitter !== undefined) picked.jitter = pickJitter(jitter);
  return picked;
}

function pickJitter({ brightness, contrast, saturation }: Jitter): Jitter {
  return { brightness, contrast, saturation };
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
