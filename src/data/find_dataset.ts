import { didYouMean } from "../text/mod.ts";
import { DataError, printable } from "./errors.ts";
import { findFetched } from "./fetch/fetch_dataset.ts";
import type { KnownDataset } from "./fetch/known_dataset.ts";
import { knownDataset } from "./fetch/known_datasets.ts";
import { lookAt, type PathContent } from "./files.ts";
import type { DatasetInfo } from "./info.ts";
import { isPictureName } from "./readers/class_tree.ts";
import { isListing, type Reader } from "./readers/reader.ts";
import { describeReaders, findReader } from "./readers/table.ts";
import { embeddedFolder, embeddedNames } from "./registry.ts";

/** Where a dataset is, and who can read it. */
export interface FoundDataset {
  /** Its path. */
  readonly path: string;
  /** What stands there. */
  readonly found: PathContent;
  /** Who reads it; what the table of public datasets knows of it goes before what its files tell. */
  readonly reader: Reader;
}

/**
 * Finds a dataset by name, or whatever a reader of the table recognises.
 *
 * @param nameOrPath Name of a dataset that is embedded or has been fetched, or a path. Names go first.
 * @returns Its place and reader.
 * @throws {DataError} If there is no such dataset, or no reader knows it.
 */
export async function findDataset(nameOrPath: string): Promise<FoundDataset> {
  const known = `a name of ${embeddedNames.join(", ")}`;
  if (nameOrPath === "") {
    throw new DataError(`Cannot open dataset: its name is empty, expected ${describeReaders()}, or ${known}`);
  }
  const fetched = await findFetched(nameOrPath);
  const path = embeddedFolder(nameOrPath) ?? fetched?.path ?? nameOrPath;
  const found = await lookAt(path);
  if (found === undefined) {
    const guess = didYouMean(path, embeddedNames);
    const hint = knownDataset(path) === undefined ? "" : `, or "deno task fetch ${path}" first`;
    throw new DataError(
      `Cannot open dataset ${path}: found no such folder or file, expected one or ${known}${guess}${hint}`,
    );
  }
  const reader = findReader(found);
  if (reader === undefined) {
    const expected = hasLoosePictures(found) ? "those of each class in a folder of its own" : describeReaders();
    throw new DataError(`Cannot open dataset ${path}: it is ${describe(found)}, expected ${expected}`);
  }
  return { path, found, reader: fetched === undefined ? reader : tellOf(fetched.known, reader) };
}

/** A reader that knows what the table of public datasets does, such as classes whose folders are called n01440764. */
function tellOf({ name, info }: KnownDataset, reader: Reader): Reader {
  const tell = (told: DatasetInfo): DatasetInfo => ({ ...told, ...info, name });
  return {
    ...reader,
    async read(found) {
      const read = await reader.read(found);
      if (!isListing(read)) return { ...read, info: tell(read.info) };
      return { ...read, info: tell(read.info), classes: info.classes, read: () => read.read() };
    },
  };
}

/** Whether a folder holds pictures of which nothing tells the class. */
function hasLoosePictures({ entries }: PathContent): boolean {
  const shown = entries.filter(({ name }) => !name.startsWith("."));
  return shown.length > 0 && shown.every(({ name, isFolder }) => !isFolder && isPictureName(name));
}

const shownEntries = 3;

function describe({ isFolder, entries }: PathContent): string {
  if (!isFolder) return "a file";
  if (entries.length === 0) return "an empty folder";
  const names = entries.slice(0, shownEntries).map(({ name, isFolder }) => printable(isFolder ? `${name}/` : name));
  const more = entries.length - names.length;
  return `a folder with ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
