import { OpenFile } from "./files.ts";

/**
 * Bytes of the images of a part, [count, height, width, channels] row-major, 0 to 255: in memory, in a file, or some of those
 * of another. They never change, and what is read must not be written to.
 */
export interface Pixels {
  /** Number of bytes. */
  readonly length: number;
  /**
   * Reads some of the bytes, at once.
   *
   * @param start The first byte.
   * @param end One after the last byte.
   * @returns The bytes; those in memory are not copied.
   * @throws {RangeError} If there are no such bytes.
   * @throws {DataError} If their file cannot be read, or has become shorter.
   */
  read(start: number, end: number): Uint8Array<ArrayBuffer>;
}

/**
 * Bytes that are in memory.
 *
 * @param bytes The bytes, which are not copied.
 * @returns The same bytes.
 */
export function pixelsInMemory(bytes: Uint8Array<ArrayBuffer>): Pixels {
  return {
    length: bytes.length,
    read(start, end) {
      requireRange(start, end, bytes.length);
      return bytes.subarray(start, end);
    },
  };
}

/** Where bytes are within a file. */
export interface FileRange {
  /** Bytes before them. */
  readonly offset: number;
  /** Their number. */
  readonly length: number;
}

/** Bytes of a file that stay there until they are read. */
export interface FilePixels extends Pixels {
  /** Closes the file, which a later read opens again; what is no longer used is closed without it, some time later. */
  close(): void;
}

/** Closes files whose pixels nobody uses any more. */
const abandoned = new FinalizationRegistry<() => void>((close) => close());

/**
 * Bytes that stay in a file: it is opened by the first read, and whoever removes the file meanwhile takes nothing away.
 *
 * @param path The file, a regular one.
 * @param range Where in it.
 * @returns The bytes.
 */
export function pixelsInFile(path: string, { offset, length }: FileRange): FilePixels {
  let file: OpenFile | undefined;
  const close = () => {
    file?.[Symbol.dispose]();
    file = undefined;
  };
  const pixels: FilePixels = {
    length,
    read(start, end) {
      requireRange(start, end, length);
      return (file ??= OpenFile.open(path)).read(offset + start, end - start);
    },
    close,
  };
  abandoned.register(pixels, close);
  return pixels;
}

/**
 * Some images of others.
 *
 * @param pixels The others.
 * @param indices Which, in the order in which they are to be.
 * @param size Bytes of an image.
 * @returns A view: nothing is copied before it is read.
 */
export function pickPixels(pixels: Pixels, indices: Uint32Array, size: number): Pixels {
  const length = indices.length * size;
  return {
    length,
    read(start, end) {
      requireRange(start, end, length);
      const picked = new Uint8Array(end - start);
      for (let at = start; at < end;) {
        const image = Math.floor(at / size);
        let last = image;
        // Neighbours are read at once.
        while ((last + 1) * size < end && indices[last + 1] === indices[last]! + 1) last++;
        const stop = Math.min(end, (last + 1) * size);
        const from = indices[image]! * size + at - image * size;
        picked.set(pixels.read(from, from + stop - at), at - start);
        at = stop;
      }
      return picked;
    },
  };
}

/** Bytes that are looked at together where all are: enough for reads to cost nothing, too few to matter in memory. */
const PIECE_BYTES = 1 << 22;

/**
 * Goes through images piece by piece, so that those of a file are never in memory together.
 *
 * @param pixels The images.
 * @param size Bytes of an image; pieces are of whole images.
 * @returns Pieces of a few MiB, in order, each with the index of its first image.
 */
export function* pixelPieces(
  pixels: Pixels,
  size: number,
): Generator<{ readonly first: number; readonly bytes: Uint8Array<ArrayBuffer> }> {
  const step = Math.max(1, Math.floor(PIECE_BYTES / size)) * size;
  for (let start = 0; start < pixels.length; start += step) {
    yield { first: start / size, bytes: pixels.read(start, Math.min(start + step, pixels.length)) };
  }
}

function requireRange(start: number, end: number, length: number): void {
  if (0 <= start && start <= end && end <= length) return;
  throw new RangeError(`Cannot read pixels ${start} to ${end}: there are ${length}`);
}
