import { DataError, printable } from "../errors.ts";
import { type PathContent, readPlain } from "../files.ts";
import { type DatasetInfo, readInfo } from "../info.ts";
import { compare } from "./classes.ts";
import type { RawDataset, RawPart, Reader } from "./reader.ts";

/** The binary version of CIFAR-10 or CIFAR-100, unpacked; packed it is read by the reader of tar archives. */
export const cifarReader: Reader = {
  name: "cifar",
  describe: "CIFAR's binary version",
  recognises: (found) => cifarFolder(found) !== undefined,
  read: readCifarFolder,
};

/** Files of the binary version, and how long a record is before its pixels. */
interface CifarFiles {
  readonly train: readonly string[];
  readonly test: readonly string[];
  readonly names: string | undefined;
  /** 1 for CIFAR-10; 2 for CIFAR-100, of which the second is the class and the first a group of classes. */
  readonly labelBytes: number;
}

/**
 * Finds the files of the binary version among others.
 *
 * @param names Names of files in one folder.
 * @returns Which they are; undefined if this is something else.
 */
export function findCifarFiles(names: readonly string[]): CifarFiles | undefined {
  const first = (name: string) => names.filter((other) => other === name);
  const batches = names.filter((name) => /^data_batch_\d+\.bin$/.test(name)).sort(compare);
  if (batches.length > 0) {
    return { train: batches, test: first("test_batch.bin"), names: first("batches.meta.txt")[0], labelBytes: 1 };
  }
  const [fine] = first("fine_label_names.txt");
  if (fine === undefined || !names.includes("train.bin")) return undefined;
  return { train: ["train.bin"], test: first("test.bin"), names: fine, labelBytes: 2 };
}

function cifarFolder(found: PathContent): PathContent | undefined {
  return [found, found.inner].find((folder) =>
    folder?.isFolder && findCifarFiles(folder.entries.map(({ name }) => name)) !== undefined
  );
}

async function readCifarFolder(found: PathContent): Promise<RawDataset> {
  const { path, entries } = cifarFolder(found)!;
  const infoOrigin = `${path}/info.json`;
  return await readCifar({
    path,
    names: entries.map(({ name }) => name),
    info: await readInfo(infoOrigin),
    infoOrigin,
    read: (name) => readPlain(`${path}/${name}`, undefined, maximumBatchBytes),
  });
}

/** Largest file: CIFAR-100's training images have 154 MB. */
export const maximumBatchBytes = 2 ** 28;

/** Where the files of the binary version are. */
export interface CifarSource {
  /** Folder or archive, for messages. */
  readonly path: string;
  /** Names of the files. */
  readonly names: readonly string[];
  /** What is known beside. */
  readonly info: DatasetInfo;
  /** Where that stands. */
  readonly infoOrigin: string;
  /** Reads one of them. */
  read(name: string): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Reads the binary version: records of a label and 32x32 pixels, one plane of bytes a colour.
 *
 * @param source Its files, among which {@linkcode findCifarFiles} finds some.
 * @returns The dataset.
 * @throws {DataError} If a file is missing, or no whole number of records.
 */
export async function readCifar({ path, names, info, infoOrigin, read }: CifarSource): Promise<RawDataset> {
  const files = findCifarFiles(names)!;
  const readPart = async (parts: readonly string[]): Promise<RawPart> => {
    const batches = [];
    for (const name of parts) batches.push({ name: printable(`${path}/${name}`), bytes: await read(name) });
    return unpackRecords(batches, files.labelBytes);
  };
  const classes = files.names &&
    new TextDecoder().decode(await read(files.names)).split("\n").map((line) => line.trim())
      .filter((line) => line !== "");
  return {
    train: await readPart(files.train),
    test: files.test.length === 0 ? undefined : await readPart(files.test),
    info: classes ? { classes, ...info } : info,
    infoOrigin: info.classes === undefined && files.names ? `${path}/${files.names}` : infoOrigin,
  };
}

const side = 32;
const plane = side * side;

function unpackRecords(batches: readonly { name: string; bytes: Uint8Array }[], labelBytes: number): RawPart {
  const recordBytes = labelBytes + 3 * plane;
  for (const { name, bytes } of batches) {
    if (bytes.length > 0 && bytes.length % recordBytes === 0) continue;
    throw new DataError(
      `Cannot read ${name}: found ${bytes.length} bytes, expected records of ${recordBytes} (label and 32x32x3 pixels)`,
    );
  }
  const count = batches.reduce((sum, { bytes }) => sum + bytes.length / recordBytes, 0);
  const [pixels, labels] = [new Uint8Array(count * 3 * plane), new Uint8Array(count)];
  let image = 0;
  for (const { bytes } of batches) {
    for (let start = 0; start < bytes.length; start += recordBytes, image++) {
      labels[image] = bytes[start + labelBytes - 1]!;
      interleave(bytes.subarray(start + labelBytes, start + recordBytes), pixels, 3 * plane * image);
    }
  }
  const origin = batches.map(({ name }) => name).join(", ");
  return { pixels, count, height: side, width: side, channels: 3, labels, origin: { images: origin, labels: origin } };
}

/** Puts the bytes of three planes side by side. */
function interleave(planes: Uint8Array, pixels: Uint8Array, at: number): void {
  for (let i = 0; i < plane; i++, at += 3) {
    pixels[at] = planes[i]!;
    pixels[at + 1] = planes[plane + i]!;
    pixels[at + 2] = planes[2 * plane + i]!;
  }
}
