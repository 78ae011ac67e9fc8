import type { PathContent } from "../files.ts";
import { idxReader } from "./idx.ts";
import type { Reader } from "./reader.ts";

/** The formats, in the order in which they are asked. */
const READERS: Reader[] = [idxReader];

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

/** What can be given as a dataset, as the end of a message: each reader's description, with "or" between them. */
export function describeReaders(): string {
  return READERS.map(({ describe }) => describe).join(" or ");
}
