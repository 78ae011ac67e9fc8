import { assembleDataset } from "./assemble.ts";
import type { Dataset } from "./dataset.ts";
import { DataError } from "./errors.ts";
import { findDataset } from "./find_dataset.ts";
import { isListing } from "./readers/reader.ts";

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
  const { path, found, reader } = await findDataset(nameOrPath);
  const read = await reader.read(found);
  // No reader of the table lists encoded pictures yet.
  if (isListing(read)) throw new DataError(`Cannot open dataset ${path}: its pictures are encoded, expected IDX files`);
  return assembleDataset(read, path);
}
