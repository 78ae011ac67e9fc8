import { DataError, explainFailure } from "./errors.ts";
import { isPictureName } from "./readers/class_tree.ts";

/**
 * Finds the pictures that a user names: files as they are, folders with all pictures below them, and patterns such as
 * `photos/**\/*.jpg`, which a shell leaves alone in quotes. Files and folders whose names begin with a dot, and links to folders,
 * are left out unless they are named.
 *
 * @param operands What the user named, in order.
 * @returns Paths of files, one after the other: those of a folder or pattern in the order of their names, by UTF-16 code units, a
 *   folder's content where its own name stands.
 * @throws {DataError} If a folder has no picture, or a pattern matches nothing; what is named as a file may be missing.
 */
export async function* findPictures(operands: Iterable<string>): AsyncGenerator<string> {
  for (const operand of operands) {
    const found = await Deno.stat(operand).catch(() => undefined);
    if (found?.isDirectory) yield* requireSome(walk(operand, isPictureName), operand);
    else if (found === undefined && await isPattern(operand)) yield* requireSome(matchPattern(operand), operand);
    else yield operand;
  }
}

/** Whether a name that is no file holds what only a pattern does. */
async function isPattern(operand: string): Promise<boolean> {
  return (await loadPicomatch()).scan(operand).isGlob;
}

async function loadPicomatch() {
  // @ts-types="npm:@types/picomatch@4.0.3"
  return (await import("picomatch")).default;
}

async function* matchPattern(pattern: string): AsyncGenerator<string> {
  const picomatch = await loadPicomatch();
  const { base, glob } = picomatch.scan(pattern);
  const matches = picomatch(glob);
  const folder = base === "" ? "." : base;
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  // What the user sees is what the user typed: no ./ that was not there.
  const shown = base === "" ? 2 : 0;
  const wanted = (path: string) => matches(path.slice(prefix.length));
  for await (const path of walk(folder, wanted)) yield path.slice(shown);
}

async function* requireSome(paths: AsyncIterable<string>, operand: string): AsyncGenerator<string> {
  let isEmpty = true;
  for await (const path of paths) {
    isEmpty = false;
    yield path;
  }
  if (isEmpty) throw new DataError(`Cannot classify ${operand}: found no picture there`);
}

async function* walk(folder: string, isWanted: (path: string) => boolean): AsyncGenerator<string> {
  const entries: Deno.DirEntry[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) if (!entry.name.startsWith(".")) entries.push(entry);
  } catch (error) {
    throw explainFailure("read", folder, error);
  }
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory, isFile, isSymlink } of entries) {
    const path = folder.endsWith("/") ? folder + name : `${folder}/${name}`;
    if (isDirectory) yield* walk(path, isWanted);
    else if (isWanted(path) && (isFile || (isSymlink && await leadsToFile(path)))) yield path;
  }
}

/** A link to a folder may lead back to where it stands. */
async function leadsToFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}
