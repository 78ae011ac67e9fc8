import type { Engine } from "../engine/mod.ts";
import { decodeSafetensors, encodeSafetensors, type TensorLike } from "../formats/mod.ts";
import type { Pixels } from "../data/mod.ts";
import { RunError } from "../run/mod.ts";

/** Name of the file in a zoo entry. */
export const SIGNATURE_FILE = "signature.safetensors";

/**
 * Most images of a source: below 400 KiB each. As many for a source of many as for one alone, because distances to smaller
 * samples come out larger, and entries that share a dataset must be equally near by it.
 */
export const SIGNATURE_IMAGES = 500;

/** Rows and columns of a picture of a signature, which is grey. */
export const SIGNATURE_SIDE = 28;

const FORMAT = "rootstock-signature-1";
const PIXELS = SIGNATURE_SIDE ** 2;

/** What the distance between datasets needs of one: some of its images, all in one shape, with their classes. */
export interface DatasetSignature {
  /** Name of the dataset. */
  readonly name: string;
  /** Names of its classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** Grey bytes, [images, 28, 28] row-major. */
  readonly pixels: Uint8Array;
  /** Class of each image. */
  readonly labels: Uint8Array;
}

/** A dataset's images as they are. */
export interface SignedImages {
  /** Name of the dataset. */
  readonly name: string;
  /** Names of its classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** Rows of an image. */
  readonly height: number;
  /** Columns of an image. */
  readonly width: number;
  /** 1 grey, 3 colour. */
  readonly channels: 1 | 3;
  /** The images, [count, height, width, channels] row-major, and their labels. */
  readonly train: { readonly pixels: Pixels; readonly labels: Uint8Array };
}

/**
 * Brings images of a dataset to the shape of signatures: 28×28, grey (colour as luma), bilinear with antialiasing.
 *
 * @param engine Resizes the images.
 * @param dataset The dataset.
 * @param indices Which training images.
 * @returns Its signature.
 */
export function signDataset(
  engine: Pick<Engine, "resize">,
  dataset: SignedImages,
  indices: Uint32Array,
): DatasetSignature {
  const { name, classes, height, width, channels, train } = dataset;
  const size = height * width * channels;
  const pixels = new Uint8Array(indices.length * PIXELS);
  indices.forEach((image, place) => {
    const picture = train.pixels.read(image * size, (image + 1) * size);
    const shape = { height: SIGNATURE_SIDE, width: SIGNATURE_SIDE, channels: 1 } as const;
    pixels.set(engine.resize(picture, { height, width, channels }, shape), place * PIXELS);
  });
  return { name, classes, pixels, labels: Uint8Array.from(indices, (image) => train.labels[image]!) };
}

/**
 * Writes signatures, one a source of an entry, as a safetensors file.
 *
 * @param signatures In the order of the card's sources.
 * @returns The whole file; equal content gives equal bytes.
 */
export function encodeSignatures(signatures: readonly DatasetSignature[]): Uint8Array {
  const tensors = new Map<string, TensorLike>();
  signatures.forEach(({ pixels, labels }, i) => {
    tensors.set(`${i}.pixels`, { shape: [labels.length, SIGNATURE_SIDE, SIGNATURE_SIDE], data: pixels });
    tensors.set(`${i}.labels`, { shape: [labels.length], data: labels });
  });
  const sources = signatures.map(({ name, classes }) => ({ name, classes }));
  return encodeSafetensors(tensors, { format: FORMAT, sources: JSON.stringify(sources) });
}

/**
 * Reads what {@linkcode encodeSignatures} wrote.
 *
 * @param bytes The whole file.
 * @param options `file`: its path, for messages.
 * @returns Signatures, one a source.
 * @throws {RunError} If it is anything else; one line that names the file, found and expected.
 */
export function decodeSignatures(bytes: Uint8Array, { file }: { file: string }): DatasetSignature[] {
  const { tensors, metadata } = decodeSafetensors(bytes, { file });
  const fail = (text: string): never => {
    throw new RunError(`Cannot read ${file}: ${text}`);
  };
  if (metadata.format !== FORMAT) fail(`format is ${JSON.stringify(metadata.format ?? null)}, expected ${FORMAT}`);
  return readSources(metadata.sources, fail).map(({ name, classes }, i) => {
    const read = (tensor: string, tail: readonly number[]) => {
      const found = tensors.get(`${i}.${tensor}`);
      if (!(found?.data instanceof Uint8Array) || String(found.shape.slice(1)) !== String(tail)) {
        return fail(`${i}.${tensor} is missing or of another form, expected bytes of [images, ${tail}]`);
      }
      return found.data;
    };
    const [pixels, labels] = [read("pixels", [SIGNATURE_SIDE, SIGNATURE_SIDE]), read("labels", [])];
    if (labels.length === 0 || pixels.length !== labels.length * PIXELS) {
      fail(`found ${pixels.length / PIXELS} images and ${labels.length} labels of ${name}, expected equally many`);
    }
    const stranger = labels.find((label) => label >= classes.length);
    if (stranger !== undefined) fail(`label ${stranger} of ${name} is out of range, expected below ${classes.length}`);
    return { name, classes, pixels, labels };
  });
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
