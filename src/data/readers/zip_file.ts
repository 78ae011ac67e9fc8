import type { Entry, Reader as ZipSource } from "@zip.js/zip.js";
import { maximumPictureBytes, unpackedBound } from "../bytes.ts";
import { DataError, explainFailure, printable } from "../errors.ts";
import { OpenFile } from "../files.ts";
import { nodeZlib } from "../node_library.ts";

/** A member of a zip archive, as the list at its end describes it. */
export interface ZipMember {
  /** Path in the archive. */
  readonly path: string;
  /** The same as bytes, which stand once more before the member. */
  readonly rawPath: Uint8Array;
  /** A folder. */
  readonly isFolder: boolean;
  /** A link, which is never followed. */
  readonly isLink: boolean;
  /** Whether a password is needed. */
  readonly isEncrypted: boolean;
  /** 0 for stored, 8 for deflated; nothing else can be read. */
  readonly method: number;
  /** Where its own header begins. */
  readonly offset: number;
  /** Bytes in the archive. */
  readonly packedBytes: number;
  /** Bytes unpacked. */
  readonly bytes: number;
  /** CRC-32 of the unpacked bytes. */
  readonly checksum: number;
}

/** A zip archive whose members are read one by one: memory holds the list and one member. */
export class ZipFile implements Disposable {
  private constructor(private readonly file: OpenFile, readonly path: string, readonly members: readonly ZipMember[]) {}

  /**
   * Opens an archive and reads its list. Names that are not marked as UTF-8 but are valid as such are taken so, since
   * programs forget the mark; all others are code page 437.
   *
   * @param path The file.
   * @throws {DataError} If it is cut, damaged, split over files, names a path out of it, or claims to unpack to what no pictures would.
   */
  static async open(path: string): Promise<ZipFile> {
    const file = OpenFile.open(path);
    try {
      const members = await listMembers(file, path);
      const [total, most] = [members.reduce((sum, { bytes }) => sum + bytes, 0), unpackedBound(file.size)];
      if (total <= most) return new ZipFile(file, path, members);
      throw new DataError(`Cannot read ${path}: it claims to unpack to ${total} bytes, expected at most ${most}`);
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Opens the archive once more, without reading its list again.
   *
   * @throws {DataError} If it cannot be opened, or has another size than before.
   */
  reopen(): ZipFile {
    const file = OpenFile.open(this.path);
    if (file.size === this.file.size) return new ZipFile(file, this.path, this.members);
    file[Symbol.dispose]();
    throw new DataError(`Cannot read ${this.path}: it changed while it was read`);
  }

  /**
   * Unpacks one member and checks its checksum.
   *
   * @param member One of {@linkcode members}.
   * @param maximumBytes Largest content to unpack. Default 64 MiB.
   * @returns The content.
   * @throws {DataError} If it is encrypted, a link, too large, damaged, or packed in a way that is not known.
   */
  read(member: ZipMember, maximumBytes: number = maximumPictureBytes): Uint8Array<ArrayBuffer> {
    const name = printable(`${this.path}/${member.path}`);
    const fail = (what: string): never => {
      throw new DataError(`Cannot read ${name}: ${what}`);
    };
    if (member.isEncrypted) fail("it is encrypted, expected an archive without a password");
    if (member.isLink) fail("it is a link, expected a file");
    if (member.method !== 0 && member.method !== 8) {
      fail(`it is packed with method ${member.method}, expected stored (0) or deflate (8)`);
    }
    if (member.bytes > maximumBytes) fail(`it has ${member.bytes} bytes, expected at most ${maximumBytes}`);
    const content = unpack(this.packed(member, name), member, name);
    if (content.length !== member.bytes || nodeZlib().crc32(content) !== member.checksum) {
      fail("it is damaged: its checksum differs from that in the archive's list");
    }
    return content;
  }

  /** The bytes of a member as they stand behind its own header. */
  private packed({ offset, packedBytes, rawPath }: ZipMember, name: string): Uint8Array<ArrayBuffer> {
    const header = new DataView(this.file.read(offset, headerBytes).buffer);
    if (header.getUint32(0, true) !== headerMark) {
      throw new DataError(`Cannot read ${name}: found no header where the archive's list says, it is damaged or cut`);
    }
    const pathBytes = header.getUint16(26, true);
    // No checksum covers the name, which is the picture's class.
    const path = this.file.read(offset + headerBytes, pathBytes);
    if (pathBytes !== rawPath.length || path.some((byte, i) => byte !== rawPath[i])) {
      throw new DataError(`Cannot read ${name}: the archive's list has another name for it, it is damaged`);
    }
    return this.file.read(offset + headerBytes + pathBytes + header.getUint16(28, true), packedBytes);
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.file[Symbol.dispose]();
  }
}

const headerBytes = 30;
const headerMark = 0x04034b50;

function unpack(packed: Uint8Array<ArrayBuffer>, { method, bytes }: ZipMember, name: string): Uint8Array<ArrayBuffer> {
  if (method === 0) return packed;
  try {
    // At least one byte, since zero stands for no bound.
    const { buffer, byteOffset, length } = nodeZlib().inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
  } catch (cause) {
    throw new DataError(`Cannot read ${name}: its compressed content is damaged`, { cause });
  }
}

/** Lets the library, which is loaded with the first archive, read where it likes. */
function sourceOf(file: OpenFile, Source: typeof ZipSource): ZipSource<void> {
  return new class extends Source<void> {
    override init(): Promise<void> {
      this.size = file.size;
      return super.init?.() ?? Promise.resolve();
    }

    override readUint8Array(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
      return Promise.resolve(file.read(offset, Math.max(0, Math.min(length, file.size - offset))));
    }
  }();
}

async function listMembers(file: OpenFile, path: string): Promise<ZipMember[]> {
  const { ERR_UNSAFE_FILENAME, Reader, ZipReader } = await import("@zip.js/zip.js");
  const members: ZipMember[] = [];
  try {
    const archive = new ZipReader(sourceOf(file, Reader));
    for await (const entry of archive.getEntriesGenerator()) members.push(memberOf(entry));
  } catch (error) {
    const { message } = explainFailure("read", path, error);
    if ((error as Error).message === ERR_UNSAFE_FILENAME) {
      const name = printable(String((error as { filename?: unknown }).filename));
      throw new DataError(`Cannot read ${path}: its file ${name} leads out of it, expected paths within the archive`);
    }
    throw new DataError(`Cannot read ${path}: its list of files is damaged or cut, fetch the file again`, {
      cause: message,
    });
  }
  return members;
}

function memberOf(entry: Entry): ZipMember {
  return {
    path: nameOf(entry).replaceAll("\\", "/"),
    rawPath: entry.rawFilename,
    isFolder: entry.directory,
    isLink: entry.symlink ?? false,
    isEncrypted: entry.encrypted,
    method: entry.compressionMethod,
    offset: entry.offset,
    packedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    // Absent where encryption has its own.
    checksum: entry.signature ?? -1,
  };
}

function nameOf({ filename, filenameUTF8, rawFilename }: Entry): string {
  if (filenameUTF8) return filename;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(rawFilename);
  } catch {
    return filename;
  }
}
