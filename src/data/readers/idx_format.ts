import { maximumFileBytes } from "../bytes.ts";
import { DataError } from "../errors.ts";

/** An array of unsigned bytes as an IDX file holds it. */
export interface IdxArray {
  /** Sizes, the slowest first; one to four of them. */
  readonly shape: readonly number[];
  /** Values in row-major order; as many as the product of the sizes. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What the first bytes of an IDX file say. */
export interface IdxHeader {
  /** Sizes, the slowest first. */
  readonly shape: readonly number[];
  /** Bytes before the first value. */
  readonly headerBytes: number;
  /** Exact length of the whole file, unpacked. */
  readonly fileBytes: number;
}

const typeNames: Record<number, string> = {
  0x09: "signed bytes",
  0x0b: "16-bit integers",
  0x0c: "32-bit integers",
  0x0d: "32-bit floats",
  0x0e: "64-bit floats",
};

/**
 * Reads the header of an IDX file: `00 00 08`, the number of dimensions, then each size as a big-endian 32-bit number.
 *
 * @param bytes The start of the file, unpacked; at least 20 bytes, or all of a shorter file.
 * @param name The file, for messages.
 * @returns Shape and lengths; the product of the sizes is known to fit in 1 GiB.
 * @throws {DataError} If it is no IDX file of unsigned bytes, is cut, or announces more than 1 GiB.
 */
export function parseIdxHeader(bytes: Uint8Array, name: string): IdxHeader {
  const [zero0, zero1, type, dimensions] = bytes;
  if (bytes.length < 4) fail(name, `found ${bytes.length} bytes, expected an IDX header of at least 8`);
  if (zero0 !== 0 || zero1 !== 0) {
    fail(name, `it starts with ${hex(bytes)}, expected the IDX magic number 00 00 08 and the number of dimensions`);
  }
  if (type !== 0x08) {
    const found = typeNames[type!]
      ? `holds ${typeNames[type!]} (type 0x${hex([type!])})`
      : `has type 0x${hex([type!])}`;
    fail(name, `it ${found}, expected unsigned bytes (0x08)`);
  }
  if (dimensions! < 1 || dimensions! > 4) fail(name, `it has ${dimensions} dimensions, expected 1 to 4`);
  const headerBytes = 4 + 4 * dimensions!;
  if (bytes.length < headerBytes) {
    fail(name, `found ${bytes.length} bytes, expected a header of ${headerBytes} for ${dimensions} dimensions`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions! }, (_, axis) => view.getUint32(4 + 4 * axis));
  // Exact as long as it is below 2^53; beyond that it is only known to be far too large, which is enough.
  const values = shape.reduce((product, size) => product * size, 1);
  if (values > maximumFileBytes - headerBytes) {
    fail(name, `its header announces ${shape.join(" x ")} bytes, expected at most ${maximumFileBytes}`);
  }
  return { shape, headerBytes, fileBytes: headerBytes + values };
}

/**
 * Reads an IDX array from memory, strictly: not one byte may be missing or left over.
 *
 * @param bytes A whole IDX file, unpacked.
 * @param name The file, for messages.
 * @returns Shape and values; the values share memory with `bytes`.
 * @throws {DataError} If the bytes are no IDX array of unsigned bytes, or too few or too many.
 */
export function parseIdx(bytes: Uint8Array<ArrayBuffer>, name: string): IdxArray {
  const { shape, headerBytes, fileBytes } = parseIdxHeader(bytes, name);
  if (bytes.length !== fileBytes) {
    fail(name, `found ${bytes.length} bytes, expected the ${fileBytes} that its header announces`);
  }
  return { shape, data: bytes.subarray(headerBytes) };
}

/**
 * Encodes an array of unsigned bytes as an IDX file, unpacked.
 *
 * @param array Sizes and values, as {@linkcode parseIdx} returns them.
 * @returns The bytes of the file.
 */
export function encodeIdx({ shape, data }: { shape: readonly number[]; data: Uint8Array }): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  bytes[2] = 0x08;
  bytes[3] = shape.length;
  shape.forEach((size, axis) => view.setUint32(4 + 4 * axis, size));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

function hex(bytes: ArrayLike<number>): string {
  return Array.from({ length: Math.min(4, bytes.length) }, (_, i) => bytes[i]!.toString(16).padStart(2, "0")).join(" ");
}

function fail(name: string, what: string): never {
  throw new DataError(`Cannot read ${name}: ${what}`);
}
