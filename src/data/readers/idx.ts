import { DataError } from "../errors.ts";
import { type PathContent, readBounded } from "../files.ts";
import { checkImages, type Images, type ImageStack } from "../images.ts";
import { readInfo } from "../info.ts";
import { type IdxArray, parseIdx, parseIdxHeader } from "./idx_format.ts";
import type { RawDataset, RawPart, Reader } from "./reader.ts";

/** A folder of two pairs of IDX files, as MNIST and its many kin are distributed. */
export const idxReader: Reader = {
  name: "idx",
  describe: "a folder of IDX files (train-images.idx, train-labels.idx, …)",
  recognises: ({ isFolder, entries }) => isFolder && entries.some(({ name }) => knownNames.has(name)),
  read: readIdxFolder,
};

/** Paths of the files of one dataset. */
export interface IdxFiles {
  /** Training images and their labels. */
  readonly train: IdxPair;
  /** Test images and their labels. */
  readonly test: IdxPair;
  /** `info.json`, which need not exist. */
  readonly info: string;
}

/** Paths of a file of images and the file of their labels. */
export interface IdxPair {
  /** The images. */
  readonly images: string;
  /** Their labels. */
  readonly labels: string;
}

// Stems and suffixes in order of preference; the later ones are MNIST's own spelling and that of its many copies.
const stems = { train: ["train"], test: ["test", "t10k"] } as const;
const suffixes = {
  images: ["-images.idx", "-images-idx3-ubyte", "-images-idx4-ubyte", "-images.idx3-ubyte"],
  labels: ["-labels.idx", "-labels-idx1-ubyte", "-labels.idx1-ubyte"],
} as const;

function namesOf(part: keyof typeof stems, kind: keyof typeof suffixes): string[] {
  return suffixes[kind].flatMap((suffix) => stems[part].flatMap((stem) => [stem + suffix, `${stem}${suffix}.gz`]));
}

const knownNames: ReadonlySet<string> = new Set(
  (["train", "test"] as const).flatMap((part) => [...namesOf(part, "images"), ...namesOf(part, "labels")]),
);

async function readIdxFolder(found: PathContent): Promise<RawDataset> {
  const files = findIdxFiles(found);
  return {
    train: await readPart(files.train),
    test: await readPart(files.test),
    info: await readInfo(files.info),
    infoOrigin: files.info,
  };
}

/**
 * Finds the two pairs of IDX files in a dataset folder.
 *
 * Understood are `train-images.idx`, `train-labels.idx`, `test-images.idx`, `test-labels.idx` and the names of MNIST's own files
 * (`train-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, …), each with or without `.gz`. Where several are present, the first in
 * this order counts, and the plain file before the compressed one.
 *
 * @param found The folder.
 * @returns Paths of the files.
 * @throws {DataError} If one of the four files is missing; names the file to add.
 */
export function findIdxFiles({ path, entries }: Pick<PathContent, "path" | "entries">): IdxFiles {
  const present = new Set(entries.map(({ name }) => name));
  const find = (part: keyof typeof stems, kind: keyof typeof suffixes) => {
    const name = namesOf(part, kind).find((name) => present.has(name));
    if (name !== undefined) return join(path, name);
    throw new DataError(
      `Cannot open dataset ${path}: it has no ${part === "train" ? "training" : part} ${kind}, ` +
        `expected a file ${stems[part][0]}${suffixes[kind][0]}.gz ` +
        `or ${stems[part].at(-1)}${suffixes[kind][1]}.gz (or either without .gz)`,
    );
  };
  const pair = (part: keyof typeof stems) => ({ images: find(part, "images"), labels: find(part, "labels") });
  return { train: pair("train"), test: pair("test"), info: join(path, "info.json") };
}

async function readPart(files: IdxPair): Promise<RawPart> {
  return { ...await readStack(files.images), labels: await readLabels(files.labels), origin: files };
}

/**
 * Reads an IDX file of images: N x H x W (grey), or N x H x W x 3 (colour; a last size of 1 is grey).
 *
 * @param path The file, plain or gzip-compressed.
 * @returns The images.
 * @throws {DataError} If it cannot be read, or is no stack of at least one image of 8 to 256 pixels a side.
 */
export async function readImages(path: string): Promise<Images> {
  return checkImages(await readStack(path), path);
}

async function readStack(path: string): Promise<ImageStack> {
  const { shape, data } = await readIdx(path);
  const [count, height, width, channels = 1] = shape;
  if (shape.length < 3) {
    throw new DataError(`Cannot read ${path}: found ${shape.length} dimensions, expected 3 or 4 of a stack of images`);
  }
  return { pixels: data, count: count!, height: height!, width: width!, channels };
}

/**
 * Reads an IDX file of labels.
 *
 * @param path The file, plain or gzip-compressed.
 * @returns The labels, which are not yet known to be classes.
 * @throws {DataError} If it cannot be read or has more than one dimension.
 */
export async function readLabels(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const { shape, data } = await readIdx(path);
  if (shape.length === 1) return data;
  throw new DataError(`Cannot read ${path}: found ${shape.length} dimensions, expected 1 of a list of labels`);
}

/** Bytes that hold the longest header: the magic number and four sizes. */
const longestHeaderBytes = 20;

/**
 * Reads an IDX file, plain or gzip-compressed.
 *
 * The header is checked before anything else is unpacked, and unpacking stops at the first byte beyond what it announces.
 *
 * @param path The file.
 * @returns Shape and values.
 * @throws {DataError} If the file is absent, damaged, cut, too long, or no IDX array of unsigned bytes.
 */
export async function readIdx(path: string): Promise<IdxArray> {
  const length = (prefix: Uint8Array) => parseIdxHeader(prefix, path).fileBytes;
  return parseIdx(await readBounded(path, { expect: { prefixBytes: longestHeaderBytes, length } }), path);
}

function join(folder: string, name: string): string {
  return /[/\\]$/.test(folder) ? folder + name : `${folder}/${name}`;
}
