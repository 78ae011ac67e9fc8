import { DataError, printable } from "../errors.ts";

/** An array as NumPy saves it. */
export interface NpyArray {
  /** Type of its values as NumPy writes it: byte order, kind, size, as in `<i8`. */
  readonly type: string;
  /** Sizes, the slowest first. */
  readonly shape: readonly number[];
  /** Bytes of the values, row-major; they share memory with the file. */
  readonly data: Uint8Array<ArrayBuffer>;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const longestHeader = 1 << 16;

/**
 * Reads a file of format version 1, 2 or 3 (NumPy enhancement proposal 1).
 *
 * @param bytes The file.
 * @param name The file, for messages.
 * @returns Type, shape and values; as many values as the shape says.
 * @throws {DataError} If it is no such file, cut, pickled, of several fields, or in Fortran's order.
 */
export function parseNpy(bytes: Uint8Array<ArrayBuffer>, name: string): NpyArray {
  const { text, end } = readHeader(bytes, name);
  const type = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (type === undefined || order === undefined || sizes === undefined) {
    fail(name, "its header is not understood, expected an array of one plain type");
  }
  if (type.includes("O")) fail(name, "it holds pickled objects, expected numbers");
  const shape = sizes.split(",").map((size) => size.trim()).filter((size) => size !== "").map(Number);
  if (order === "True" && shape.filter((size) => size > 1).length > 1) {
    fail(name, "it is in Fortran's order, save it with numpy.ascontiguousarray");
  }
  const wanted = shape.reduce((product, size) => product * size, itemBytes(type, name));
  if (bytes.length - end !== wanted) {
    fail(name, `found ${bytes.length - end} bytes of values, expected ${wanted} for ${shape.join("x")} of ${type}`);
  }
  return { type, shape, data: bytes.subarray(end) };
}

function readHeader(bytes: Uint8Array<ArrayBuffer>, name: string): { text: string; end: number } {
  if (!magic.every((byte, i) => bytes[i] === byte)) fail(name, "it does not begin as an array that NumPy saved");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLong = bytes[6] !== 1;
  const start = isLong ? 12 : 10;
  if (bytes.length < start) fail(name, "its header is cut");
  if (bytes[6]! < 1 || bytes[6]! > 3) fail(name, `it has format version ${bytes[6]}, expected 1 to 3`);
  const end = start + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  if (end > Math.min(bytes.length, longestHeader)) fail(name, "its header is cut");
  return { text: new TextDecoder().decode(bytes.subarray(start, end)), end };
}

function itemBytes(type: string, name: string): number {
  const [, kind, size] = /^[<>|=]?([biufcUSV])(\d{1,6})$/.exec(type) ?? [];
  if (size === undefined) fail(name, `it holds values of type ${printable(type)}, expected numbers`);
  return Number(size) * (kind === "U" ? 4 : 1);
}

/**
 * Reads labels of any integer type.
 *
 * @param array One label an image: N, or N x 1.
 * @param name The file, for messages.
 * @returns The labels as bytes.
 * @throws {DataError} If there are more than one an image, they are no integers, or one is not 0 to 255.
 */
export function labelsOfNpy({ type, shape, data }: NpyArray, name: string): Uint8Array<ArrayBuffer> {
  const [count = 1, ...others] = shape;
  if (shape.length === 0 || others.some((size) => size !== 1)) {
    fail(name, `found labels of shape ${shape.join("x") || "()"}, expected one an image (N or Nx1)`);
  }
  const [, order, kind, size] = /^([<>|=]?)([iu])([1248])$/.exec(type) ?? [];
  if (size === undefined) fail(name, `found labels of type ${type}, expected whole numbers`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const label = readInteger(view, i * Number(size), {
      bits: 8 * Number(size),
      isSigned: kind === "i",
      isLittle: order !== ">",
    });
    if (!(label >= 0 && label <= 255)) fail(name, `label ${label} of image ${i} is out of range, expected 0 to 255`);
    labels[i] = label;
  }
  return labels;
}

function readInteger(
  view: DataView,
  at: number,
  { bits, isSigned, isLittle }: { bits: number; isSigned: boolean; isLittle: boolean },
): number {
  switch (bits) {
    case 8:
      return isSigned ? view.getInt8(at) : view.getUint8(at);
    case 16:
      return isSigned ? view.getInt16(at, isLittle) : view.getUint16(at, isLittle);
    case 32:
      return isSigned ? view.getInt32(at, isLittle) : view.getUint32(at, isLittle);
    default:
      return Number(isSigned ? view.getBigInt64(at, isLittle) : view.getBigUint64(at, isLittle));
  }
}

/**
 * Reads an array of texts (`<U…` or `|S…`).
 *
 * @param array A list of texts.
 * @param name The file, for messages.
 * @returns The texts, without the zeros that fill them up.
 * @throws {DataError} If it is no list of texts.
 */
export function textsOfNpy({ type, shape, data }: NpyArray, name: string): string[] {
  const [, order, kind, size] = /^([<>|=]?)([US])(\d+)$/.exec(type) ?? [];
  const [count] = shape;
  if (size === undefined || count === undefined || shape.length !== 1) {
    fail(name, `found ${shape.join("x")} values of type ${type}, expected a list of texts`);
  }
  const bytes = Number(size) * (kind === "U" ? 4 : 1);
  return Array.from({ length: count }, (_, i) => {
    const item = data.slice(i * bytes, (i + 1) * bytes);
    if (kind === "S") return new TextDecoder().decode(item).replace(/\0+$/, "");
    const view = new DataView(item.buffer);
    const points = Array.from({ length: Number(size) }, (_, j) => view.getUint32(4 * j, order !== ">"));
    if (points.some((point) => point > 0x10ffff)) fail(name, "it holds no valid text");
    return String.fromCodePoint(...points).replace(/\0+$/, "");
  });
}

function fail(name: string, what: string): never {
  throw new DataError(`Cannot read ${name}: ${what}`);
}
