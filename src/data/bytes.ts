import { DataError } from "./errors.ts";

/** Largest file that is opened at all, and largest content that is unpacked from one: 1 GiB. */
export const maximumFileBytes = 2 ** 30;

/** Largest encoded picture that is read at all: 64 MiB, many times a photograph of 50 megapixels. */
export const maximumPictureBytes = 2 ** 26;

/**
 * How much an archive may unpack to: 64 MiB, and a hundred times its own size beyond that. Pictures are compressed
 * already, so that only a bomb comes near it.
 *
 * @param archiveBytes Size of the archive.
 * @returns The bound in bytes.
 */
export function unpackedBound(archiveBytes: number): number {
  return 2 ** 26 + 100 * archiveBytes;
}

/** How many bytes {@linkcode collect} may return. */
export interface ByteBounds {
  /** Largest number of bytes to return; more is an error. Default {@linkcode maximumFileBytes}. */
  maximumBytes?: number | undefined;
  /**
   * Called as soon as `prefixBytes` bytes are there (or all of them, if the file has fewer) and returns the exact number of
   * bytes that must follow from the start, so that reading stops at the first byte too many. May throw.
   */
  expect?: { prefixBytes: number; length: (prefix: Uint8Array) => number };
}

/**
 * Unpacks compressed bytes, in pieces.
 *
 * @param bytes Compressed content.
 * @param format `gzip`, or `deflate` for the zlib form that PNG uses.
 * @returns A stream of unpacked pieces; errors when the content is damaged, cut or followed by something else.
 */
export function inflate(bytes: Uint8Array<ArrayBuffer>, format: "gzip" | "deflate"): ReadableStream<Uint8Array> {
  return pieces(bytes).pipeThrough(new DecompressionStream(format));
}

/**
 * Joins the pieces of a stream, giving up at the first byte too many.
 *
 * @param stream Pieces, in order; cancelled on failure.
 * @param name Where they come from, for messages.
 * @param bounds How many; see {@linkcode ByteBounds}.
 * @returns All bytes.
 * @throws {DataError} If there are more or fewer bytes than allowed, or the stream fails.
 */
export async function collect(
  stream: ReadableStream<Uint8Array>,
  name: string,
  { maximumBytes = maximumFileBytes, expect }: ByteBounds,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let total = 0;
  let wanted: number | undefined;
  // Leaving the loop by an error cancels the stream.
  try {
    for await (const part of stream) {
      parts.push(part);
      total += part.length;
      if (expect && wanted === undefined && total >= expect.prefixBytes) wanted = expect.length(concatenate(parts));
      if (wanted !== undefined && total > wanted) {
        throw new DataError(`Cannot read ${name}: found more than the ${wanted} bytes that its header announces`);
      }
      if (total > maximumBytes) {
        throw new DataError(`Cannot read ${name}: it unpacks to more than ${maximumBytes} bytes`);
      }
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`Cannot read ${name}: its compressed content is damaged or cut, fetch the file again`, {
      cause: error,
    });
  }
  if (expect && wanted === undefined) wanted = expect.length(concatenate(parts));
  if (wanted !== undefined && total !== wanted) {
    throw new DataError(
      `Cannot read ${name}: found ${total} bytes, expected the ${wanted} that its header announces`,
    );
  }
  return concatenate(parts);
}

const pieceBytes = 16 * 1024;

/**
 * Cuts bytes into a stream of pieces of 16 KiB.
 *
 * @param bytes The bytes; the pieces share their memory.
 * @returns The stream.
 */
export function pieces(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(offset, offset + pieceBytes));
      offset += pieceBytes;
    },
  });
}

/**
 * Joins byte arrays into a new one.
 *
 * @param parts The arrays, in order.
 * @returns Their bytes, one after the other.
 */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
