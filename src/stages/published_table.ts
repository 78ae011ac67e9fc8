import { DataError, printable, readBounded } from "../data/mod.ts";
import { hasPublishedTable, parsePublishedTable, type PublishedTable, type Space } from "../spaces/mod.ts";

/** Many times the table, which has three million bytes. */
const MOST_BYTES = 2 ** 26;

/**
 * Reads the published accuracies of a space's architectures.
 *
 * @param path The table: comma-separated values, packed by gzip or not.
 * @param space Name of the kind of space.
 * @returns The table.
 * @throws {DataError} If there is no such file, or it is another, cut or damaged; one line that names it.
 */
export async function readPublishedTable(path: string, space: string): Promise<PublishedTable> {
  const text = new TextDecoder().decode(await readBounded(path, { maximumBytes: MOST_BYTES }));
  try {
    return parsePublishedTable(text, space);
  } catch (error) {
    throw new DataError(`Cannot read ${path}: ${printable((error as Error).message)}`, { cause: error });
  }
}

/**
 * Reads the table that a search is to be held against.
 *
 * @param path The table.
 * @param space The space that is searched.
 * @returns The table.
 * @throws {RangeError} If nothing was published of this space.
 * @throws {DataError} As {@linkcode readPublishedTable}.
 */
export async function tableFor(path: string, space: Space): Promise<PublishedTable> {
  if (!hasPublishedTable(space.name)) {
    throw new RangeError(`Cannot use --table ${path}: nothing was published of the space ${space.name}`);
  }
  return await readPublishedTable(path, space.name);
}
