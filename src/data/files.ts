/**
 * The only file of this folder that touches the file system, but for the cache of an import.
 *
 * @module
 */
import { type ByteBounds, collect, inflate, maximumFileBytes, maximumPictureBytes, pieces } from "./bytes.ts";
import { DataError, explainFailure, printable } from "./errors.ts";

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
  /** What the only folder within a folder holds, as archives and repositories have one; undefined if there are none or more. */
  readonly inner?: PathContent | undefined;
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
    if (isDirectory) return await lookAtFolder(path);
    // Opening a pipe would wait for whoever writes to it.
    if (!isFile) throw new DataError(`Cannot open dataset ${path}: it is a device, expected a file or a folder`);
    return { path, isFolder: false, entries: [], start: await readStart(path) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw explainFailure("open dataset", path, error);
  }
}

async function lookAtFolder(path: string): Promise<PathContent> {
  const entries = await listFolder(path);
  const folders = entries.filter(({ name, isFolder }) => isFolder && !name.startsWith("."));
  const content = { path, isFolder: true, entries, start: new Uint8Array() };
  if (folders.length !== 1) return content;
  const within = `${path}/${folders[0]!.name}`;
  return { ...content, inner: { ...content, path: within, entries: await listFolder(within) } };
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
 * Says at once whether there is a folder.
 *
 * @param address Its address.
 * @returns Whether; also false for what may not be looked at.
 */
export function isFolder(address: URL): boolean {
  try {
    return Deno.statSync(address).isDirectory;
  } catch {
    return false;
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

/** What stands below a folder: a path from there with `/` between names, in no particular order. */
export interface TreeEntry {
  /** Path from the folder, as the system spells it. */
  readonly path: string;
  /** What it is; a link to a regular file is a file, and only such are ever opened. */
  readonly kind: "file" | "folder" | "device" | "broken link" | "linked folder";
}

/** More entries than any dataset of pictures has: a listing stays below some hundred MiB. */
const mostEntries = 4_000_000;

/**
 * Lists all that stands below a folder, however deep. Links to folders are named, not followed, so that there is an end.
 *
 * @param path The folder.
 * @param prefix What the paths begin with; for the recursion.
 * @param found What is there already; for the recursion.
 * @returns Files, folders and what is neither.
 * @throws {DataError} If a folder cannot be read, or there are more than 4,000,000 entries.
 */
export async function listTree(path: string, prefix = "", found: TreeEntry[] = []): Promise<TreeEntry[]> {
  try {
    for await (const entry of Deno.readDir(`${path}/${prefix}`)) {
      const name = prefix + entry.name;
      if (found.length >= mostEntries) {
        throw new DataError(`Cannot open dataset ${path}: it holds more than ${mostEntries} files`);
      }
      found.push({ path: name, kind: await kindOf(entry, `${path}/${name}`) });
      if (entry.isDirectory) await listTree(path, `${name}/`, found);
    }
  } catch (error) {
    throw explainFailure("open dataset", printable(`${path}/${prefix}`), error);
  }
  return found;
}

async function kindOf({ isFile, isDirectory, isSymlink }: Deno.DirEntry, path: string): Promise<TreeEntry["kind"]> {
  if (isFile) return "file";
  if (isDirectory) return "folder";
  if (!isSymlink) return "device";
  try {
    const target = await Deno.stat(path);
    return target.isFile ? "file" : target.isDirectory ? "linked folder" : "device";
  } catch {
    return "broken link";
  }
}

/**
 * Reads a small regular file as it is; nothing is unpacked.
 *
 * @param path The file.
 * @param name How messages call it, where that is not the path.
 * @param maximumBytes Largest file to read. Default 64 MiB, more than any picture needs.
 * @returns The content.
 * @throws {DataError} If the file is absent, no regular file, or too large.
 */
export function readPlain(
  path: string,
  name: string = printable(path),
  maximumBytes: number = maximumPictureBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  return Promise.try(() => {
    using file = OpenFile.open(path, name);
    if (file.size <= maximumBytes) return file.read(0, file.size);
    throw new DataError(`Cannot read ${name}: the file has ${file.size} bytes, expected at most ${maximumBytes}`);
  });
}

/** A regular file that is open for reading, at any place and as often as needed. */
export class OpenFile implements Disposable {
  /** Its length in bytes when it was opened. */
  readonly size: number;

  private constructor(private readonly file: Deno.FsFile, private readonly name: string) {
    this.size = file.statSync().size;
  }

  /**
   * Opens a file.
   *
   * @param path The file.
   * @param name How messages call it, where that is not the path.
   * @throws {DataError} If it is absent, refused or no regular file.
   */
  static open(path: string, name: string = printable(path)): OpenFile {
    try {
      // At once, as reading is: to wait for each of many small files costs a processor more than reading them.
      const { isFile, isDirectory } = Deno.statSync(path);
      // Opening a pipe would wait for whoever writes to it.
      if (!isFile) {
        throw new DataError(`Cannot read ${name}: it is ${isDirectory ? "a folder" : "a device"}, not a file`);
      }
      return new OpenFile(Deno.openSync(path), name);
    } catch (error) {
      throw explainFailure("read", name, error);
    }
  }

  /**
   * Reads some bytes. It does not wait, so that reads do not come between one another.
   *
   * @param offset Where they begin.
   * @param length How many.
   * @returns The bytes.
   * @throws {DataError} If the file ends before, or the system fails.
   */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw new DataError(
        `Cannot read ${this.name}: it ends at ${this.size} bytes, expected ${length} at ${offset}: it is damaged or cut`,
      );
    }
    const bytes = new Uint8Array(length);
    try {
      this.file.seekSync(offset, Deno.SeekMode.Start);
      for (let filled = 0; filled < length;) {
        const read = this.file.readSync(bytes.subarray(filled));
        if (read === null) throw new DataError(`Cannot read ${this.name}: it became shorter while it was read`);
        filled += read;
      }
    } catch (error) {
      throw explainFailure("read", this.name, error);
    }
    return bytes;
  }

  /** The content from the start to the end, in pieces of at most 256 KiB; several streams may be read side by side. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let offset = 0;
    return new ReadableStream({
      pull: (controller) => {
        if (offset >= this.size) return controller.close();
        const piece = this.read(offset, Math.min(streamPieceBytes, this.size - offset));
        offset += piece.length;
        controller.enqueue(piece);
      },
    }, { highWaterMark: 0 });
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.file.close();
  }
}

const streamPieceBytes = 256 * 1024;
