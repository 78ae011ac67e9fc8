import { asRunError, RunError } from "./run_error.ts";

const MEBIBYTE = 2 ** 20;

/** More than a file of each kind ever has, so that one that was put in its place cannot fill the memory. */
export const MOST_BYTES = {
  /** Settings, genotypes. */
  settings: MEBIBYTE,
  /** Cards, results. */
  json: 64 * MEBIBYTE,
  /** A run's history. */
  events: 256 * MEBIBYTE,
  /** Networks and checkpoints: the kernels' memory, 4 GiB, has the weights, their momentum and the activations. */
  tensors: 2048 * MEBIBYTE,
} as const;

/**
 * Reads a regular file, or one that a link leads to. Pipes and devices, on which reading may wait for ever or never end, are
 * refused before they are opened.
 *
 * @param path The file.
 * @param options `maximumBytes`: its greatest length.
 * @returns Its content; undefined if there is no such file.
 * @throws {RunError} If it is anything else, longer, or cannot be read: one line with path, found and expected.
 */
export async function readRegularFile(
  path: string,
  { maximumBytes }: { maximumBytes: number },
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    checkRegular(path, await Deno.stat(path), maximumBytes);
    using file = await Deno.open(path, { read: true });
    // What was looked at may have been replaced before it was opened.
    const { size } = checkRegular(path, await file.stat(), maximumBytes);
    return await readStart(file, size);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw asRunError(`Cannot read ${path}`, error);
  }
}

/** As {@linkcode readRegularFile}, as text of UTF-8. */
export async function readRegularText(path: string, options: { maximumBytes: number }): Promise<string | undefined> {
  const bytes = await readRegularFile(path, options);
  return bytes && new TextDecoder().decode(bytes);
}

function checkRegular(path: string, info: Deno.FileInfo, maximumBytes: number): Deno.FileInfo {
  const { size } = info;
  if (!info.isFile) throw new RunError(`Cannot read ${path}: it is ${kindOf(info)}, expected a regular file`);
  if (size > maximumBytes) {
    throw new RunError(`Cannot read ${path}: it has ${size} bytes, expected at most ${maximumBytes}`);
  }
  return info;
}

/** Words what stands at a path. */
function kindOf({ isDirectory, isSymlink, isFifo, isSocket }: Deno.FileInfo): string {
  if (isDirectory) return "a folder";
  if (isSymlink) return "a link";
  if (isFifo) return "a pipe";
  return isSocket ? "a socket" : "a device";
}

/** Reads so many bytes, or fewer if the file ends before: what somebody appends meanwhile is not waited for. */
async function readStart(file: Deno.FsFile, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

/**
 * Opens a file of a run's folder for reading and writing in place, making it if there is none. A link is not followed: in a
 * folder of somebody else's it may lead to any file of the user's, which would be overwritten.
 *
 * @param path The file.
 * @returns The file, to be closed.
 * @throws {RunError} If it is a link, has a second name, is no regular file, or cannot be opened.
 */
export async function openInPlace(path: string): Promise<Deno.FsFile> {
  try {
    while (true) {
      const found = await lookAt(path);
      const file = found === undefined ? await create(path) : await openFound(path, found);
      if (file !== undefined) return file;
    }
  } catch (error) {
    throw asRunError(`Cannot open ${path}`, error);
  }
}

async function lookAt(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Makes the file; undefined if there is one by now. An exclusive creation follows no link. */
async function create(path: string): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path, { read: true, write: true, createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  }
}

/** Opens what was found; undefined if it has been removed or replaced since. */
async function openFound(path: string, found: Deno.FileInfo): Promise<Deno.FsFile | undefined> {
  if (!found.isFile) {
    throw new RunError(`Cannot open ${path}: it is ${kindOf(found)}, expected a file of the run's own`);
  }
  if ((found.nlink ?? 1) > 1) {
    throw new RunError(`Cannot open ${path}: it has ${found.nlink} names, expected a file of the run's own: copy it`);
  }
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path, { read: true, write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  // Nothing has been written yet: what is open must be what was looked at.
  const opened = await file.stat();
  if (opened.ino === found.ino && opened.dev === found.dev) return file;
  file.close();
  return undefined;
}
