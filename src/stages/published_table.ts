import { DataError, printable, readBounded } from "../data/mod.ts";
import { PublishedTable, type Space } from "../spaces/mod.ts";

/** Many times the table, which has three million bytes. */
const MOST_BYTES = 2 ** 26;

/**
 * Reads the published accuracies of NAS-Bench-201.
 *
 * @param path The table: comma-separated values, packed by gzip or not.
 * @returns The table.
 * @throws {DataError} If there is no such file, or it is another, cut or damaged; one line that names it.
 */
export async function readPublishedTable(path: string): Promise<PublishedTable> {
  const text = new TextDecoder().decode(await readBounded(path, { maximumBytes: MOST_BYTES }));
  try {
    return PublishedTable.parse(text);
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
  if (space.name !== "nasbench201") {
    throw new RangeError(`Cannot use --table ${path}: the space is ${space.name}, expected nasbench201`);
  }
  return await readPublishedTable(path);
}
