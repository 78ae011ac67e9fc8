import type { PathContent } from "../files.ts";
import { cifarReader } from "./cifar.ts";
import { folderReader } from "./folder.ts";
import { idxReader } from "./idx.ts";
import { labelsTableReader } from "./labels_table.ts";
import { npzReader } from "./npz.ts";
import { parquetReader } from "./parquet.ts";
import type { Reader } from "./reader.ts";
import { tarReader } from "./tar.ts";
import { webdatasetReader } from "./webdataset.ts";
import { zipReader } from "./zip.ts";

/** The formats, in the order in which they are asked: the more a format asks of the names, the earlier it is. */
const READERS: Reader[] = [
  idxReader,
  cifarReader,
  npzReader,
  webdatasetReader,
  parquetReader,
  labelsTableReader,
  tarReader,
  zipReader,
  folderReader,
];

/**
 * Adds a format to those that every command takes. It is asked after those that are there already.
 *
 * @param reader The row.
 * @throws {RangeError} If there is one of this name.
 */
export function registerReader(reader: Reader): void {
  if (READERS.some(({ name }) => name === reader.name)) {
    throw new RangeError(`Cannot register reader ${JSON.stringify(reader.name)}: there is one of this name already`);
  }
  READERS.push(reader);
}

/** The first reader that recognises what was found; undefined if none does. */
export function findReader(found: PathContent): Reader | undefined {
  return READERS.find((reader) => reader.recognises(found));
}

/** What can be given as a dataset, as the end of a message: each reader's description, the most common first. */
export function describeReaders(): string {
  const [last, ...others] = READERS.map(({ describe }) => describe);
  return [others.reverse().join(", "), last].join(" or ");
}
