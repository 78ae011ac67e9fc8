import { inCache } from "./cache/cache_error.ts";
import { writeWhole } from "./cache/cache_folder.ts";
import { DataError } from "../errors.ts";
import { type Pixels, pixelsInFile, pixelsInMemory } from "../pixels.ts";
import { nodeZlib } from "../node_library.ts";

/** Room for images of one size, each in its slot, however late it comes. */
export interface Slots {
  /** Bytes of an image. */
  readonly size: number;
  /** Writes an image. */
  write(slot: number, image: Uint8Array): void;
  /** Writes bytes, wherever slots begin. */
  writeAt(position: number, bytes: Uint8Array): void;
  /** Reads one back. */
  read(slot: number): Uint8Array<ArrayBuffer>;
  /**
   * Ends the writing.
   *
   * @param bytes How many bytes from the start are images; the rest is dropped.
   * @returns The images, and the CRC-32 of them.
   */
  finish(bytes: number): { pixels: Pixels; checksum: number };
}

/**
 * Slots in memory.
 *
 * @param count Number of images.
 * @param size Bytes of an image.
 * @returns The slots, zeros.
 * @throws {DataError} If there is not so much memory.
 */
export function slotsInMemory(count: number, size: number): Slots {
  const bytes = allocate(count * size);
  return {
    size,
    write: (slot, image) => bytes.set(image, slot * size),
    writeAt: (position, image) => bytes.set(image, position),
    read: (slot) => bytes.subarray(slot * size, (slot + 1) * size),
    finish(length) {
      const images = bytes.subarray(0, length);
      return { pixels: pixelsInMemory(images), checksum: nodeZlib().crc32(images) };
    },
  };
}

function allocate(length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (cause) {
    const size = `${(length / 2 ** 30).toFixed(1)} GiB`;
    throw new DataError(`Cannot hold ${size} of images in memory: name a folder that can be written with --cache`, {
      cause,
    });
  }
}

const pieceBytes = 2 ** 22;

/**
 * Slots in a new file: what is written goes to the disk, whatever there is of it.
 *
 * @param path The file, which must not exist.
 * @param size Bytes of an image.
 * @returns The slots; to be disposed of.
 */
export function slotsInFile(path: string, size: number): Slots & Disposable {
  const file = Deno.openSync(path, { read: true, write: true, createNew: true });
  const pixels = pixelsInFile(path, { offset: 0, length: Number.MAX_SAFE_INTEGER });
  const writeAt = (position: number, bytes: Uint8Array) =>
    inCache(() => {
      file.seekSync(position, Deno.SeekMode.Start);
      writeWhole(file, bytes);
    });
  return {
    size,
    write: (slot, image) => writeAt(slot * size, image),
    writeAt,
    read: (slot) => pixels.read(slot * size, (slot + 1) * size),
    finish(length) {
      inCache(() => {
        file.truncateSync(length);
        file.syncDataSync();
      });
      const written = pixelsInFile(path, { offset: 0, length });
      let checksum = 0;
      for (let start = 0; start < length; start += pieceBytes) {
        checksum = nodeZlib().crc32(written.read(start, Math.min(length, start + pieceBytes)), checksum);
      }
      return { pixels: written, checksum };
    },
    [Symbol.dispose]() {
      file.close();
      pixels.close();
    },
  };
}
