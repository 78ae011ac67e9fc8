/**
 * The only file of this folder that touches the file system.
 *
 * @module
 */
import { type ByteBounds, collect, inflate, maximumFileBytes, pieces } from "./bytes.ts";
import { DataError, explainFailure } from "./errors.ts";

/** What stands at a path: enough to tell which format it is. */
export interface PathContent {
  /** The path, as it was given. */
  readonly path: string;
  /** A folder, or else a regular file. */
  readonly isFolder: boolean;
  /** What a folder holds, in the order of the names; empty for a file. */
  readonly entries: readonly FolderEntry[];
  /** The first bytes of a file, at most 512; empty for a folder. */
  readonly start: Uint8Array;
}

/** A file or a folder within a folder. */
export interface FolderEntry {
  /** Its name, without the folder. */
  readonly name: string;
  /** A folder; a link to one is none. */
  readonly isFolder: boolean;
}

/** Enough for the marks of every common format: a tar archive has its own at 257. */
const startBytes = 512;

/**
 * Looks at what stands at a path, without reading more than the start of it.
 *
 * @param path A file or a folder.
 * @returns What there is; undefined if there is nothing.
 * @throws {DataError} If it cannot be read, or is neither a folder nor a regular file.
 */
export async function lookAt(path: string): Promise<PathContent | undefined> {
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    if (isDirectory) return { path, isFolder: true, entries: await listFolder(path), start: new Uint8Array() };
    // Opening a pipe would wait for whoever writes to it.
    if (!isFile) throw new DataError(`Cannot open dataset ${path}: it is a device, expected a file or a folder`);
    return { path, isFolder: false, entries: [], start: await readStart(path) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw explainFailure("open dataset", path, error);
  }
}

async function listFolder(path: string): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) entries.push({ name, isFolder: isDirectory });
  return entries.sort((a, b) => a.name < b.name ? -1 : 1);
}

async function readStart(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const start = new Uint8Array(startBytes);
  let length = 0;
  for (let read: number | null = 0; read !== null && length < startBytes; length += read ?? 0) {
    read = await file.read(start.subarray(length));
  }
  return start.subarray(0, length);
}

/**
 * Tells whether there is anything at a path, be it a link that leads nowhere.
 *
 * @param path The path.
 * @returns False if nothing has this name.
 * @throws {DataError} If it cannot be told.
 */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw explainFailure("read", path, error);
  }
}

/**
 * Reads a regular file, unpacking it when it is gzip-compressed, and never holds more than it was allowed to.
 *
 * Compression is told by the first two bytes, not by the name. Memory stays below the bound plus what a single 16 KiB piece
 * of compressed input can unpack to, however large the content claims to be.
 *
 * @param path The file.
 * @param bounds Bounds; see {@linkcode ByteBounds}.
 * @returns The content.
 * @throws {DataError} If the file is absent, no regular file, damaged, or shorter or longer than allowed.
 */
export async function readBounded(path: string, bounds: ByteBounds = {}): Promise<Uint8Array<ArrayBuffer>> {
  const maximumBytes = bounds.maximumBytes ?? maximumFileBytes;
  try {
    const { isFile, isDirectory, size } = await Deno.stat(path);
    if (!isFile) throw new DataError(`Cannot read ${path}: it is ${isDirectory ? "a folder" : "a device"}, not a file`);
    if (size > maximumBytes) {
      throw new DataError(`Cannot read ${path}: the file has ${size} bytes, expected at most ${maximumBytes}`);
    }
    const bytes = await Deno.readFile(path);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return await collect(isGzip ? inflate(bytes, "gzip") : pieces(bytes), path, { ...bounds, maximumBytes });
  } catch (error) {
    throw explainFailure("read", path, error);
  }
}

/** A regular file of which ranges are read at once, open from the first read on. */
export class ReadFile {
  readonly #path: string;
  #file: Deno.FsFile | undefined;

  /** Nothing is opened yet. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads a range.
   *
   * @param position Its first byte.
   * @param count Its bytes.
   * @returns The bytes.
   * @throws {DataError} If the file cannot be read, or ends before.
   */
  read(position: number, count: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(count);
    let found = 0;
    try {
      const file = this.#file ??= openRegular(this.#path);
      file.seekSync(position, Deno.SeekMode.Start);
      for (let more: number | null = 0; more !== null && found < count; found += more ?? 0) {
        more = file.readSync(bytes.subarray(found));
      }
    } catch (error) {
      throw explainFailure("read", this.#path, error);
    }
    if (found === count) return bytes;
    throw new DataError(
      `Cannot read ${this.#path}: it ends at byte ${position + found}, expected ${
        position + count
      }; has it been changed?`,
    );
  }

  /** Closes the file; a later read opens it again. */
  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

function openRegular(path: string): Deno.FsFile {
  // Opening a pipe would wait for whoever writes to it.
  if (!Deno.statSync(path).isFile) throw new DataError(`Cannot read ${path}: it is no regular file`);
  return Deno.openSync(path);
}
