import { assert, assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { DataError, encodeIdx } from "../../src/data/mod.ts";

/** Calls a function with the path of a new empty folder and removes the folder afterwards. */
export async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "data-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Files of a dataset folder by name. */
export type Files = Record<string, Uint8Array>;

/** Writes files into a folder. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(`${folder}/${name}`, bytes);
}

/** An IDX file of the given shape whose values count up from 0 and wrap at 256. */
export function idx(...shape: number[]): Uint8Array<ArrayBuffer> {
  return encodeIdx({ shape, data: Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i) });
}

/** An IDX file of labels. */
export function labels(...values: number[]): Uint8Array<ArrayBuffer> {
  return encodeIdx({ shape: [values.length], data: Uint8Array.from(values) });
}

/** A file without images that a header and nothing else describes. */
export function bareHeader(magic: number[], ...sizes: number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * sizes.length);
  bytes.set(magic);
  sizes.forEach((size, axis) => new DataView(bytes.buffer).setUint32(4 + 4 * axis, size));
  return bytes;
}

/** Compresses with gzip. */
export function gzip(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(gzipSync(bytes));
}

/** A valid dataset of six training and three test images of 9x8 grey pixels in three classes. */
export function tinyDataset(): Files {
  return {
    "train-images.idx": idx(6, 9, 8),
    "train-labels.idx": labels(0, 1, 2, 2, 1, 0),
    "test-images.idx": idx(3, 9, 8),
    "test-labels.idx": labels(2, 0, 1),
  };
}

/** Asserts that reading fails the way a user should see it: one line, naming the file, with the given words. */
export async function assertDataError(run: () => Promise<unknown>, ...words: string[]): Promise<void> {
  const error = await assertRejects(run, DataError);
  assertEquals(error.message.split("\n").length, 1, error.message);
  assert(error.message.startsWith("Cannot "), error.message);
  for (const word of words) assert(error.message.includes(word), `"${error.message}" does not say "${word}"`);
}
