import { FormatError } from "./format_error.ts";
import { show, showName } from "./show.ts";
import { countElements, type TensorData, type TensorLike } from "./tensor.ts";

/** Name of the header entry that is not a tensor. */
const METADATA = "__metadata__";
const LENGTH_BYTES = 8;
const MAXIMUM_HEADER_BYTES = 16 * 1024 * 1024;

/** The types of the format that this project uses: size of an element in bytes, and array over a whole buffer. */
const TYPES: Readonly<Record<string, { size: number; wrap: (buffer: ArrayBuffer) => TensorData }>> = {
  F64: { size: 8, wrap: (buffer) => new Float64Array(buffer) },
  I64: { size: 8, wrap: (buffer) => new BigInt64Array(buffer) },
  F32: { size: 4, wrap: (buffer) => new Float32Array(buffer) },
  I32: { size: 4, wrap: (buffer) => new Int32Array(buffer) },
  F16: { size: 2, wrap: (buffer) => new Uint16Array(buffer) },
  I8: { size: 1, wrap: (buffer) => new Int8Array(buffer) },
  U8: { size: 1, wrap: (buffer) => new Uint8Array(buffer) },
};

/**
 * Writes tensors in the safetensors format.
 *
 * Wide types come before narrow ones, as the reference implementation has it, so that every tensor is aligned; tensors
 * of one width are in order of their names. Equal content gives equal bytes.
 *
 * @param tensors Tensors by name.
 * @param metadata Texts that the header keeps beside them.
 * @returns The whole file.
 * @throws {RangeError} If a name is reserved or a shape does not hold as many numbers as there are.
 * @example A round trip
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeSafetensors, encodeSafetensors } from "./mod.ts";
 *
 * const weight = { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
 * const bytes = encodeSafetensors(new Map([["layer.weight", weight]]), { made: "by hand" });
 * const { tensors, metadata } = decodeSafetensors(bytes, { file: "layer.safetensors" });
 * assertEquals(tensors.get("layer.weight"), weight);
 * assertEquals(metadata, { made: "by hand" });
 * ```
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, TensorLike>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort(([a, { data: x }], [b, { data: y }]) =>
    y.BYTES_PER_ELEMENT - x.BYTES_PER_ELEMENT || (a < b ? -1 : 1)
  );
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  let end = 0;
  for (const [name, { shape, data }] of ordered) {
    if (name === METADATA) throw new RangeError(`Cannot write tensor ${METADATA}: the format reserves this name`);
    if (countElements(shape) !== data.length) {
      throw new RangeError(
        `Cannot write tensor ${name}: found ${data.length} numbers, expected those of shape [${shape.join(", ")}]`,
      );
    }
    const start = end;
    end += data.byteLength;
    header.push([name, { dtype: typeName(data), shape, data_offsets: [start, end] }]);
  }
  const text = new TextEncoder().encode(toJson(header));
  const headerBytes = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES;
  const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  bytes.set(text, LENGTH_BYTES);
  let position = LENGTH_BYTES + headerBytes;
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/** An object literal of entries; unlike an object, it keeps their order and any name. */
function toJson(entries: readonly [string, unknown][]): string {
  return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
}

function typeName(data: TensorData): string {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  if (data instanceof BigInt64Array) return "I64";
  if (data instanceof Int32Array) return "I32";
  if (data instanceof Uint16Array) return "F16";
  return data instanceof Int8Array ? "I8" : "U8";
}

/**
 * Reads a file in the safetensors format. Nothing but a whole and consistent file is taken.
 *
 * @param bytes The whole file.
 * @param options `file`: its path, for error messages.
 * @returns Copies of the tensors by name, and the texts kept in the header.
 * @throws {FormatError} If it is anything else: one line that names the file, what was found and what was expected.
 * @example A file that is cut off
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { decodeSafetensors, encodeSafetensors, FormatError } from "./mod.ts";
 *
 * const bytes = encodeSafetensors(new Map([["bias", { shape: [4], data: new Float32Array(4) }]]));
 * const cut = bytes.subarray(0, bytes.length - 4);
 * assertThrows(() => decodeSafetensors(cut, { file: "cut.safetensors" }), FormatError, "Cannot read cut.safetensors");
 * ```
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  { file }: { file: string },
): { tensors: Map<string, TensorLike>; metadata: Record<string, string> } {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof Fault) throw new FormatError(`Cannot read ${file}: ${error.message}`);
    throw error;
  }
}

/** What is wrong with a file, without its name. */
class Fault extends Error {}

interface Entry {
  name: string;
  type: string;
  shape: number[];
  start: number;
  end: number;
}

function decode(bytes: Uint8Array) {
  const { header, bodyStart } = readHeader(bytes);
  const body = bytes.subarray(bodyStart);
  const metadata = checkMetadata(header[METADATA]);
  const entries = Object.entries(header).filter(([name]) => name !== METADATA)
    .map(([name, value]) => checkEntry(name, value));
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (entry.start !== end) {
      throw new Fault(
        `tensor ${showName(entry.name)} starts at byte ${entry.start}, expected ${end}, right after the one before`,
      );
    }
    end = entry.end;
  }
  if (end !== body.length) {
    throw new Fault(`found ${body.length} bytes of tensors, expected ${end}: the file is cut off or damaged`);
  }
  const tensors = new Map(entries.map(({ name, type, shape, start, end }): [string, TensorLike] => {
    const copy = new Uint8Array(end - start);
    copy.set(body.subarray(start, end));
    return [name, { shape, data: TYPES[type]!.wrap(copy.buffer) }];
  }));
  return { tensors, metadata };
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; bodyStart: number } {
  if (bytes.length < LENGTH_BYTES) {
    throw new Fault(`found ${bytes.length} bytes, expected a safetensors file of at least ${LENGTH_BYTES}`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (length > MAXIMUM_HEADER_BYTES) {
    throw new Fault(
      `header has ${length} bytes, expected at most ${MAXIMUM_HEADER_BYTES}: is this a safetensors file?`,
    );
  }
  const bodyStart = LENGTH_BYTES + Number(length);
  if (bodyStart > bytes.length) {
    throw new Fault(`found ${bytes.length} bytes, expected a header up to byte ${bodyStart}: the file is cut off`);
  }
  let header: unknown;
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    // Other JSON may follow white space, which the format does not allow.
    if (bytes[LENGTH_BYTES] !== 0x7b) throw new SyntaxError("expected {");
    header = JSON.parse(decoder.decode(bytes.subarray(LENGTH_BYTES, bodyStart)));
  } catch {
    throw new Fault("header is not JSON: the file is damaged or not a safetensors file");
  }
  return { header: asRecord(header, "header"), bodyStart };
}

function checkMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  const metadata = asRecord(value, METADATA);
  for (const [name, text] of Object.entries(metadata)) {
    if (typeof text !== "string") throw new Fault(`${METADATA}.${name} is ${show(text)}, expected a text`);
  }
  return metadata as Record<string, string>;
}

function checkEntry(name: string, value: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = asRecord(value, `tensor ${showName(name)}`);
  if (typeof dtype !== "string" || !Object.hasOwn(TYPES, dtype)) {
    throw new Fault(
      `type of tensor ${showName(name)} is ${show(dtype)}, expected one of ${Object.keys(TYPES).join(", ")}`,
    );
  }
  if (!isListOfSizes(shape)) {
    throw new Fault(`shape of tensor ${showName(name)} is ${show(shape)}, expected a list of sizes`);
  }
  if (!isListOfSizes(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw new Fault(`offsets of tensor ${showName(name)} are ${show(offsets)}, expected start and end`);
  }
  const [start, end] = offsets as [number, number];
  const expected = countElements(shape) * TYPES[dtype]!.size;
  if (end - start !== expected) {
    throw new Fault(
      `tensor ${showName(name)} has ${end - start} bytes, expected ${expected} for ${dtype} ${show(shape)}`,
    );
  }
  return { name, type: dtype, shape, start, end };
}

function isListOfSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function asRecord(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Fault(`${place} is ${show(value)}, expected an object`);
  }
  return value as Record<string, unknown>;
}
