import { didYouMean } from "../text/mod.ts";
import { assembleDataset } from "./assemble.ts";
import type { Dataset } from "./dataset.ts";
import { DataError, printable } from "./errors.ts";
import { lookAt, type PathContent } from "./files.ts";
import type { KnownDataset } from "./fetch/known_dataset.ts";
import { findFetched } from "./fetch/fetch_dataset.ts";
import { knownDataset } from "./fetch/known_datasets.ts";
import type { DatasetInfo } from "./info.ts";
import { isListing } from "./readers/reader.ts";
import { describeReaders, findReader } from "./readers/table.ts";
import { embeddedFolder, embeddedNames } from "./registry.ts";

/**
 * Opens a dataset by name, or from whatever a reader of the table recognises.
 *
 * @param nameOrPath A name of {@linkcode embeddedNames}, or a path. Names go first; write `./name` for a folder that has the
 *   name of an embedded dataset.
 * @returns The dataset, every label and size checked.
 * @throws {DataError} If there is no such dataset, no reader knows it, or a file of it is missing, damaged or contradicts
 *   another.
 * @example A dataset that ships with Rootstock
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 * import { DataError, openDataset } from "./mod.ts";
 *
 * const { classes, height, width, channels, train } = await openDataset("uci-digits");
 * assertEquals(classes.length, 10);
 * assertEquals(train.pixels.length, train.count * height * width * channels);
 * await assertRejects(() => openDataset("uci-digit"), DataError, "did you mean uci-digits?");
 * ```
 */
export async function openDataset(nameOrPath: string): Promise<Dataset> {
  const known = `a name of ${embeddedNames.join(", ")}`;
  if (nameOrPath === "") {
    throw new DataError(`Cannot open dataset: its name is empty, expected ${describeReaders()}, or ${known}`);
  }
  const fetched = await findFetched(nameOrPath);
  const path = embeddedFolder(nameOrPath) ?? fetched?.path ?? nameOrPath;
  const found = await lookAt(path);
  if (found === undefined) {
    const hint = knownDataset(path) === undefined ? "" : `, or "deno task fetch ${path}" first`;
    const guess = didYouMean(path, embeddedNames);
    throw new DataError(
      `Cannot open dataset ${path}: found no such folder or file, expected one or ${known}${guess}${hint}`,
    );
  }
  const reader = findReader(found);
  if (reader === undefined) {
    throw new DataError(`Cannot open dataset ${path}: it is ${describe(found)}, expected ${describeReaders()}`);
  }
  const read = await reader.read(found);
  // No reader of the table lists encoded pictures yet.
  if (isListing(read)) throw new DataError(`Cannot open dataset ${path}: its pictures are encoded, expected IDX files`);
  return assembleDataset(
    fetched === undefined ? read : { ...read, info: describeKnown(fetched.known, read.info) },
    path,
  );
}

/** What the table of public datasets knows goes before what their files tell, such as folders called n01440764. */
function describeKnown({ name, info }: KnownDataset, told: DatasetInfo): DatasetInfo {
  return { ...told, ...info, name };
}

const shownEntries = 3;

function describe({ isFolder, entries }: PathContent): string {
  if (!isFolder) return "a file";
  if (entries.length === 0) return "an empty folder";
  const names = entries.slice(0, shownEntries).map(({ name, isFolder }) => printable(isFolder ? `${name}/` : name));
  const more = entries.length - names.length;
  return `a folder with ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
