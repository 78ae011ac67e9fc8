import type { Hash } from "node:crypto";
import { join } from "node:path";
import { DataError } from "../../errors.ts";
import type { PathContent } from "../../files.ts";
import type { Reader } from "../../readers/reader.ts";
import { nodeCrypto } from "../../node_library.ts";

/** To be raised when the same picture and settings are to give other pixels than before: a decoder or the resizing has changed. */
const PREPARATION = 1;

/** Folders within folders; nobody's dataset has more. */
const deepest = 64;

/**
 * Stamps a dataset without reading it: what it is, where it is, and of each of its files size, times and place on the disk.
 *
 * Two stamps of the same dataset are equal as long as nothing was written to it. Hidden files do not count: systems leave them
 * behind when a folder is looked at.
 *
 * @param reader Its format.
 * @param found What is at its path.
 * @returns SHA-256 in hex digits.
 * @throws {DataError} If a folder of it cannot be read.
 */
export async function stampSource(reader: Reader, found: PathContent): Promise<string> {
  const hash = nodeCrypto().createHash("sha256").update(
    JSON.stringify([PREPARATION, reader.name, Deno.realPathSync(found.path)]),
  );
  const files = await reader.filesOf?.(found);
  if (files !== undefined) { for (const file of files) stampFile(hash, file, file); }
  else if (found.isFolder) stampFolder(hash, found.path, "", 0);
  else stampFile(hash, found.path, "");
  return hash.digest("hex");
}

// Synchronous calls are four times as fast as awaited ones here: 0.5 s for 100,000 files.
function stampFolder(hash: Hash, folder: string, name: string, depth: number): void {
  if (depth > deepest) {
    throw new DataError(`Cannot open dataset ${folder}: it is nested more than ${deepest} folders deep`);
  }
  const entries = [...Deno.readDirSync(folder)].filter(({ name }) => !name.startsWith("."));
  for (const entry of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
    const [path, inner] = [join(folder, entry.name), `${name}/${entry.name}`];
    if (entry.isDirectory) stampFolder(hash, path, inner, depth + 1);
    else stampFile(hash, path, inner);
  }
}

function stampFile(hash: Hash, path: string, name: string): void {
  hash.update(`\n${JSON.stringify(name)}`);
  try {
    const { size, mtime, ctime, ino, dev } = Deno.statSync(path);
    hash.update(` ${size} ${mtime?.getTime()} ${ctime?.getTime()} ${ino} ${dev}`);
  } catch (error) {
    // A link to nowhere is listed as a picture that cannot be read.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
