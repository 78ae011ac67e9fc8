import type { ParsedTarEntry } from "modern-tar";
import { collect, maximumPictureBytes, unpackedBound } from "../bytes.ts";
import { DataError, printable } from "../errors.ts";
import { OpenFile } from "../files.ts";
import { nodeZlib } from "../node_library.ts";

/** A member of a tar archive. */
export interface TarMember {
  /** Its place in the archive, from 0. */
  readonly place: number;
  /** Path in the archive. */
  readonly path: string;
  /** A folder. */
  readonly isFolder: boolean;
  /** A file whose content follows, neither link nor device. */
  readonly isFile: boolean;
  /** Bytes of its content. */
  readonly bytes: number;
}

/** A member as it comes by; its content can be read until the next one is asked for. */
export interface PassingMember extends TarMember {
  /**
   * Reads the content.
   *
   * @param maximumBytes Largest content to read. Default 64 MiB.
   * @throws {DataError} If it is larger, no file, or stored sparsely.
   */
  read(maximumBytes?: number): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Whether a file begins as a tar archive does, compressed with gzip or not.
 *
 * @param start Its first bytes, at least 512 unless it is shorter.
 */
export function isTar(start: Uint8Array): boolean {
  const bytes = isGzip(start) ? beginningOfGzip(start) : start;
  return new TextDecoder().decode(bytes.subarray(markOffset, markOffset + 5)) === "ustar";
}

const markOffset = 257;

function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

function beginningOfGzip(start: Uint8Array): Uint8Array {
  try {
    const { constants, gunzipSync } = nodeZlib();
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array();
  }
}

/**
 * Goes through a tar archive from its start to its end, unpacking gzip on the way; nothing is written and one piece is held at
 * a time. Long names (PAX and GNU) are understood.
 *
 * @param path The file.
 * @returns Its members, in order.
 * @throws {DataError} If the archive is damaged or cut, or unpacks to what no pictures would.
 */
export async function* passTar(path: string): AsyncGenerator<PassingMember> {
  const { createTarDecoder } = await import("modern-tar");
  using file = OpenFile.open(path);
  const stream = isGzip(file.read(0, Math.min(2, file.size)))
    ? bounded(file.stream().pipeThrough(new DecompressionStream("gzip")), path, unpackedBound(file.size))
    : file.stream();
  // Strict: checksums of headers are checked, and the end must be there.
  const reader = stream.pipeThrough(createTarDecoder({ strict: true })).getReader();
  let isDone = false;
  try {
    for (let place = 0;; place++) {
      const { done, value } = await reader.read();
      isDone = done;
      if (done) return;
      yield memberOf(value, place, path);
      await drain(value.body);
    }
  } catch (error) {
    throw explainTar(path, error);
  } finally {
    // Also where whoever listens has heard enough.
    if (!isDone) await reader.cancel().catch(() => {});
  }
}

/**
 * Reads what is left of a content. It could be cancelled, but when all of it is there already, modern-tar 0.8.6 takes that for
 * a cancellation of the next member, whose content then never ends.
 */
async function drain(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader();
  while (!(await reader.read()).done);
}

function memberOf({ header, body }: ParsedTarEntry, place: number, path: string): PassingMember {
  const { name, size, type = "file", pax } = header;
  const isFile = type === "file";
  const read = async (maximumBytes = maximumPictureBytes) => {
    const shown = printable(`${path}/${name}`);
    if (!isFile) throw new DataError(`Cannot read ${shown}: it is a ${type}, expected a file`);
    if (Object.keys(pax ?? {}).some((key) => key.startsWith("GNU.sparse."))) {
      throw new DataError(`Cannot read ${shown}: it is stored sparsely, pack the archive without --sparse`);
    }
    if (size > maximumBytes) {
      throw new DataError(`Cannot read ${shown}: it has ${size} bytes, expected at most ${maximumBytes}`);
    }
    try {
      const content = await collect(body, shown, { maximumBytes });
      if (content.length === size) return content;
    } catch (error) {
      throw explainTar(path, error);
    }
    throw explainTar(path, undefined);
  };
  return { place, path: name, isFolder: type === "directory", isFile, bytes: size, read };
}

function bounded(
  stream: ReadableStream<Uint8Array>,
  path: string,
  maximumBytes: number,
): ReadableStream<Uint8Array> {
  let total = 0;
  return stream.pipeThrough(
    new TransformStream({
      transform(piece: Uint8Array, controller) {
        total += piece.length;
        if (total > maximumBytes) {
          throw new DataError(`Cannot read ${path}: it unpacks to more than ${maximumBytes} bytes`);
        }
        controller.enqueue(piece);
      },
    }),
  );
}

function explainTar(path: string, cause: unknown): DataError {
  if (cause instanceof DataError) return cause;
  return new DataError(`Cannot read ${path}: the archive is damaged or cut, fetch the file again`, { cause });
}
