import { checkFinite } from "./finite.ts";
import { FormatError } from "./format_error.ts";
import { floatsToHalves, halvesToFloats } from "./half.ts";
import { dequantiseRows, quantiseRows } from "./int8.ts";
import { decodeSealed, encodeSealed } from "./seal.ts";
import { show } from "./show.ts";
import type { TensorLike } from "./tensor.ts";

/** How a file holds the weights of a network: as floats of 32 or 16 bits, or as integers of 8 with a scale a filter. */
export const PRECISIONS = ["f32", "f16", "int8"] as const;

/** One of {@linkcode PRECISIONS}. */
export type Precision = typeof PRECISIONS[number];

/** What is said of a network to whoever comes upon its file. */
export interface About {
  /** What it is called. */
  readonly name?: string | undefined;
  /** Terms under which it may be used. */
  readonly licence?: string | undefined;
  /** Model card, Markdown: what it is for and how well it does. */
  readonly card?: string | undefined;
}

/** What a file says of a network beside its tensors. Sizes and architecture are those of a search space, which alone can check them. */
export interface NetworkDescription {
  /** Sizes. */
  readonly space: unknown;
  /** Architecture. */
  readonly genotype: unknown;
  /** Names of the classes, in the order of the logits. */
  readonly classes: readonly string[];
  /** Mean of each channel of the images, in units of byte / 255. */
  readonly mean: readonly number[];
  /** Standard deviation of each channel, in the same unit. */
  readonly std: readonly number[];
  /** Dataset that it was trained on, as the user named it. */
  readonly data: string;
  /** Fingerprint of that dataset; absent for several, and in files of before it was kept. */
  readonly fingerprint?: string | undefined;
  /** How pictures became its images: plain JSON data; absent in files of before pictures could be imported. */
  readonly images?: unknown;
  /** For people. */
  readonly about?: About | undefined;
}

/** A network as its file has it. */
export interface NetworkFile {
  /** What it says. */
  readonly description: NetworkDescription;
  /** Tensors under PyTorch's names, widened to 32-bit floats; counters are 64-bit integers. */
  readonly tensors: ReadonlyMap<string, TensorLike>;
}

const FORMAT = "rootstock-network-1";

/** Tensor with the scales of all filters of a file in integers, in the order of the names. */
const SCALES = "scales";

/** What the metadata of a network's file are: texts. */
export function networkMetadata(description: NetworkDescription): Record<string, string> {
  return { format: FORMAT, model: JSON.stringify(description) };
}

/**
 * Writes a network as one file: safetensors with a checksum.
 *
 * @param network The network.
 * @param options `precision` of its convolutions and classifier: all else, a few numbers a channel, is in 32-bit floats always.
 * @returns The whole file. Equal networks give equal bytes.
 * @throws {RangeError} If a weight is too large for 16 bits; names its tensor.
 */
export async function encodeNetwork(
  { description, tensors }: NetworkFile,
  { precision = "f32" }: { precision?: Precision | undefined } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return await encodeSealed(narrow(tensors, precision), networkMetadata(description));
}

function narrow(tensors: ReadonlyMap<string, TensorLike>, precision: Precision): ReadonlyMap<string, TensorLike> {
  if (precision === "f32") return tensors;
  const narrowed = new Map(tensors);
  const scales: Float32Array[] = [];
  for (const name of [...tensors.keys()].sort()) {
    const { shape, data } = tensors.get(name)!;
    if (shape.length < 2 || !(data instanceof Float32Array)) continue;
    if (precision === "f16") {
      narrowed.set(name, { shape, data: toHalves(name, data) });
      continue;
    }
    const rows = quantiseRows(data, shape[0]!);
    narrowed.set(name, { shape, data: rows.values });
    scales.push(rows.scales);
  }
  const all = Float32Array.from(scales.flatMap((each) => [...each]));
  return precision === "f16" ? narrowed : narrowed.set(SCALES, { shape: [all.length], data: all });
}

function toHalves(name: string, data: Float32Array): Uint16Array<ArrayBuffer> {
  const most = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (most < 65520) return floatsToHalves(data);
  throw new RangeError(`Cannot write ${name} as f16: it holds ${most}, expected at most 65504`);
}

/**
 * Reads a network's file: one that {@linkcode encodeNetwork} wrote, or `network.safetensors` of a run.
 *
 * @param bytes The whole file.
 * @param options `file`: its path, for messages.
 * @returns The network. Sizes, architecture and images are not checked, nor whether the tensors are those of the architecture.
 * @throws {FormatError} If it is damaged or holds something else, or numbers that are not finite; one line that names the file.
 */
export async function decodeNetwork(bytes: Uint8Array, { file }: { file: string }): Promise<NetworkFile> {
  const { tensors, metadata: { format, model } } = await decodeSealed(bytes, { file });
  const fail = (text: string) => new FormatError(`Cannot read ${file}: ${text}`);
  if (format !== FORMAT) {
    throw fail(`format is ${format === undefined ? "not given" : show(format)}, expected ${FORMAT}`);
  }
  const description = parseDescription(model);
  if (typeof description === "string") throw fail(description);
  const widened = widen(tensors);
  if (typeof widened === "string") throw fail(widened);
  checkFinite(widened, { file });
  return { description, tensors: widened };
}

/** The tensors in 32-bit floats, or what is wrong with them. */
function widen(tensors: ReadonlyMap<string, TensorLike>): ReadonlyMap<string, TensorLike> | string {
  const scales = tensors.get(SCALES)?.data;
  const widened = new Map(tensors);
  let used = 0;
  for (const name of [...tensors.keys()].sort()) {
    const { shape, data } = tensors.get(name)!;
    if (data instanceof Uint16Array) widened.set(name, { shape, data: halvesToFloats(data) });
    if (!(data instanceof Int8Array)) continue;
    const rows = shape[0] ?? 1;
    if (!(scales instanceof Float32Array) || used + rows > scales.length) {
      return `${SCALES} are missing or too few, expected one for each filter in integers`;
    }
    widened.set(name, { shape, data: dequantiseRows({ values: data, scales: scales.subarray(used, used + rows) }) });
    used += rows;
  }
  if (used === 0) return widened;
  if (used !== scales!.length) {
    return `found ${scales!.length} ${SCALES}, expected ${used}, one for each filter in integers`;
  }
  widened.delete(SCALES);
  return widened;
}

/** A description, checked; or what is wrong with it. */
function parseDescription(text: string | undefined): NetworkDescription | string {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    value = undefined;
  }
  if (!isRecord(value)) return "model is not described, expected JSON";
  const { space, genotype, classes, mean, std, data, fingerprint, images, about } = value;
  const isWhole = isTexts(classes) && isNumbers(mean) && isNumbers(std) && mean.length === std.length &&
    std.every((deviation) => deviation > 0) && typeof data === "string" &&
    (fingerprint === undefined || typeof fingerprint === "string");
  if (!isWhole) return "classes, mean, std and data do not fit each other";
  if (!isAbout(about)) return "name, licence and card are not texts";
  return { space, genotype, classes, mean, std, data, fingerprint, images, about };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(Number.isFinite);
}

function isAbout(value: unknown): value is About | undefined {
  if (value === undefined) return true;
  return isRecord(value) &&
    [value.name, value.licence, value.card].every((text) => text === undefined || typeof text === "string");
}
