import { decodeSafetensors, encodeSafetensors, type TensorLike } from "../formats/mod.ts";
import { RunError } from "../run/mod.ts";
import { EMBEDDING_DIGEST } from "./embedding.ts";
import { basename, dirname } from "node:path";

/** Name of the file in a zoo entry. */
export const SIGNATURE_FILE = "signature.safetensors";

/**
 * Most images of a source: about 64 KiB each. As many for a source of many as for one alone, because distances to smaller
 * samples come out larger, and entries that share a dataset must be equally near by it.
 */
export const SIGNATURE_IMAGES = 500;

const FORMAT = "rootstock-signature-2";

/** Values that a stored feature can have. */
const LEVELS = 255;

/** What the distance between datasets needs of one: what the embedding network makes of some of its images, with their classes. */
export interface DatasetSignature {
  /** Name of the dataset. */
  readonly name: string;
  /** Names of its classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** [images, features] row-major, each row of length 1. */
  readonly features: Float32Array;
  /** Class of each image. */
  readonly labels: Uint8Array;
}

/**
 * Writes signatures, one a source of an entry, as a safetensors file. Features become bytes: 0 is the least of a source, 255 the
 * greatest, which moves distances by less than a thousandth.
 *
 * @param signatures In the order of the card's sources.
 * @returns The whole file; equal content gives equal bytes.
 */
export function encodeSignatures(signatures: readonly DatasetSignature[]): Uint8Array {
  const tensors = new Map<string, TensorLike>();
  signatures.forEach(({ features, labels }, i) => {
    const range = Float32Array.of(
      features.reduce((least, value) => Math.min(least, value), Infinity),
      features.reduce((most, value) => Math.max(most, value), -Infinity),
    );
    const [least, most] = range as unknown as [number, number];
    const step = (most - least) / LEVELS || 1;
    const bytes = Uint8Array.from(features, (value) => Math.round((value - least) / step));
    tensors.set(`${i}.features`, { shape: [labels.length, features.length / labels.length], data: bytes });
    tensors.set(`${i}.range`, { shape: [2], data: range });
    tensors.set(`${i}.labels`, { shape: [labels.length], data: labels });
  });
  const sources = signatures.map(({ name, classes }) => ({ name, classes }));
  return encodeSafetensors(tensors, {
    format: FORMAT,
    embedding: EMBEDDING_DIGEST,
    sources: JSON.stringify(sources),
  });
}

/**
 * Reads what {@linkcode encodeSignatures} wrote.
 *
 * @param bytes The whole file.
 * @param options `file`: its path, for messages.
 * @returns Signatures, one a source.
 * @throws {RunError} If it is anything else, or of another embedding network; one line that names the file, found and expected.
 */
export function decodeSignatures(bytes: Uint8Array, { file }: { file: string }): DatasetSignature[] {
  const { tensors, metadata } = decodeSafetensors(bytes, { file });
  const fail = (text: string): never => {
    throw new RunError(`Cannot read ${file}: ${text}`);
  };
  checkOrigin(metadata, file);
  const read = (name: string) => tensors.get(name);
  return readSources(metadata.sources, fail).map((source, i) => ({
    ...source,
    ...readSample(source, i, { read, fail }),
  }));
}

/** Refuses signatures whose features cannot be compared with those of today, and says how to make new ones. */
function checkOrigin({ format, embedding }: Record<string, string>, file: string): void {
  const found = (text: string | undefined) => (JSON.stringify(text) ?? "not given").slice(0, 80);
  const fault = format !== FORMAT
    ? `format is ${found(format)}, expected ${FORMAT}`
    : embedding !== EMBEDDING_DIGEST
    ? `embedding network is ${found(embedding)}, expected ${EMBEDDING_DIGEST}`
    : undefined;
  if (fault === undefined) return;
  const entry = basename(dirname(file));
  throw new RunError(
    `Cannot read ${file}: ${fault}: sign it anew with: deno task rootstock zoo sign ${entry} --data …`,
  );
}

/** Tensors of a source. */
function readSample(
  { name, classes }: { name: string; classes: readonly string[] },
  place: number,
  { read, fail }: { read: (name: string) => TensorLike | undefined; fail: (text: string) => never },
): Pick<DatasetSignature, "features" | "labels"> {
  const missing = (tensor: string, form: string) =>
    fail(`${place}.${tensor} is missing or of another form, expected ${form}`);
  const [features, labels, range] = ["features", "labels", "range"].map((tensor) => read(`${place}.${tensor}`));
  if (!(features?.data instanceof Uint8Array) || features.shape.length !== 2) {
    return missing("features", "bytes of [images, features]");
  }
  if (!(labels?.data instanceof Uint8Array) || labels.shape.length !== 1) return missing("labels", "bytes of [images]");
  const [least, most] = range?.data instanceof Float32Array ? range.data : [];
  if (range?.data.length !== 2 || !(Number.isFinite(least) && least! <= most! && Number.isFinite(most))) {
    return missing("range", "the least and the greatest feature");
  }
  const images = features.shape[0]!;
  if (images === 0 || images !== labels.data.length) {
    fail(`found ${images} images and ${labels.data.length} labels of ${name}, expected equally many`);
  }
  const stranger = labels.data.find((label) => label >= classes.length);
  if (stranger !== undefined) fail(`label ${stranger} of ${name} is out of range, expected below ${classes.length}`);
  const step = (most! - least!) / LEVELS;
  return { features: Float32Array.from(features.data, (byte) => least! + step * byte), labels: labels.data };
}

function readSources(text: string | undefined, fail: (text: string) => never) {
  let sources: unknown;
  try {
    sources = JSON.parse(text ?? "null");
  } catch {
    sources = undefined;
  }
  const isText = (value: unknown) => typeof value === "string";
  const isSource = (value: { name?: unknown; classes?: unknown } | null) =>
    isText(value?.name) && Array.isArray(value?.classes) && value.classes.every(isText);
  if (!Array.isArray(sources) || sources.length === 0 || !sources.every(isSource)) {
    return fail("sources are not named, expected a list of names with classes");
  }
  return sources as { name: string; classes: string[] }[];
}
