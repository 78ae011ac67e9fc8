import { type DecodedImage, type Decoder, isCut, type Measured, refuse } from "./decoder.ts";

/** BMP files of 1 to 32 bits a pixel, with palettes, bit masks or runs, in either order of rows. */
export const bmpDecoder: Decoder = {
  name: "BMP",
  recognises: (bytes) => bytes[0] === 0x42 && bytes[1] === 0x4d,
  measure: readHeader,
  decode,
};

interface BmpHeader extends Measured {
  readonly isTopDown: boolean;
  /** Bits a pixel. */
  readonly bits: number;
  readonly compression: number;
  /** Masks of red, green, blue and alpha within a pixel of 16 or 32 bits; zero for none. */
  readonly masks: readonly number[];
  /** Red, green and blue of each index. */
  readonly palette: Uint8Array;
  /** Place of the pixels. */
  readonly start: number;
}

const fileHeaderBytes = 14;
const oldHeaderBytes = 12;
/** Lengths of the headers of OS/2 and Windows since. */
const longHeaderBytes = [40, 52, 56, 64, 108, 124];
const mostColours = 65_536;

// Kinds of compression that are known here.
const [plain, runs8, runs4, bitFields] = [0, 1, 2, 3];

const masks16 = [0x7c00, 0x3e0, 0x1f, 0];
const masks32 = [0xff0000, 0xff00, 0xff, 0];

function readHeader(bytes: Uint8Array<ArrayBuffer>, name: string): BmpHeader {
  if (bytes.length < fileHeaderBytes + oldHeaderBytes) refuse(name, isCut);
  const view = new DataView(bytes.buffer, bytes.byteOffset + fileHeaderBytes, bytes.byteLength - fileHeaderBytes);
  const headerBytes = view.getUint32(0, true);
  const start = new DataView(bytes.buffer, bytes.byteOffset).getUint32(10, true);
  if (headerBytes === oldHeaderBytes) {
    const [width, height, bits] = [4, 6, 10].map((at) => view.getUint16(at, true)) as [number, number, number];
    const palette = readPalette(bytes, { from: fileHeaderBytes + headerBytes, entry: 3, colours: 2 ** bits, bits });
    return { width, height, isTopDown: false, bits, compression: plain!, masks: masks16, palette, start };
  }
  if (!longHeaderBytes.includes(headerBytes)) refuse(name, "it does not start with a BMP header");
  if (view.byteLength < headerBytes) refuse(name, isCut);
  const [width, signedHeight] = [view.getInt32(4, true), view.getInt32(8, true)];
  const [bits, compression] = [view.getUint16(14, true), view.getUint32(16, true)];
  const colours = view.getUint32(32, true) || 2 ** bits;
  if (colours > mostColours && bits <= 8) refuse(name, `its header announces ${colours} colours`);
  const hasMasks = compression === bitFields;
  // Masks stand within a long header, or behind a short one.
  const masksBehind = hasMasks && headerBytes === 40 ? 12 : 0;
  const from = fileHeaderBytes + headerBytes + masksBehind;
  if (from > bytes.length) refuse(name, isCut);
  const own = () => [40, 44, 48, 52].map((at) => at < headerBytes + masksBehind ? view.getUint32(at, true) : 0);
  return {
    width,
    height: Math.abs(signedHeight),
    isTopDown: signedHeight < 0,
    bits,
    compression,
    masks: hasMasks ? own() : bits === 16 ? masks16 : masks32,
    palette: readPalette(bytes, { from, entry: 4, colours, bits }),
    start,
  };
}

interface PalettePlace {
  readonly from: number;
  /** Bytes an entry: blue, green, red, and perhaps one that is not used. */
  readonly entry: 3 | 4;
  readonly colours: number;
  readonly bits: number;
}

/** Entries that the file does not give are black. */
function readPalette(bytes: Uint8Array, { from, entry, colours, bits }: PalettePlace): Uint8Array {
  const palette = new Uint8Array(3 * 256);
  if (bits > 8) return palette;
  for (let i = 0; i < Math.min(colours, 256); i++) {
    for (let c = 0; c < 3; c++) palette[3 * i + c] = bytes[from + entry * i + 2 - c] ?? 0;
  }
  return palette;
}

function decode(bytes: Uint8Array<ArrayBuffer>, name: string): DecodedImage {
  const header = readHeader(bytes, name);
  const { bits, compression } = header;
  const data = bytes.subarray(header.start);
  const isRuns = (compression === runs8 && bits === 8) || (compression === runs4 && bits === 4);
  if (isRuns) return fromIndices(unpackRuns(data, header, name), header);
  const isWide = bits === 16 || bits === 32;
  const isKnown = compression === plain ? [1, 4, 8, 16, 24, 32].includes(bits) : compression === bitFields && isWide;
  if (!isKnown) refuse(name, `it has ${bits} bits a pixel in compression ${compression}, save it as PNG`);
  const stride = 4 * Math.ceil(header.width * bits / 32);
  if (data.length < stride * header.height) refuse(name, isCut);
  const rows = { data, stride };
  if (bits <= 8) return fromIndices(unpackIndices(rows, header), header);
  return bits === 24 ? fromColours(rows, header) : fromMasks(rows, header, name);
}

interface Rows {
  readonly data: Uint8Array<ArrayBuffer>;
  /** Bytes a row, a multiple of four. */
  readonly stride: number;
}

/** The row of the file that is row `y` of the picture. */
function storedRow(y: number, { height, isTopDown }: BmpHeader): number {
  return isTopDown ? y : height - 1 - y;
}

/** An index a pixel, rows as the file has them. */
function unpackIndices({ data, stride }: Rows, { width, height, bits }: BmpHeader): Uint8Array {
  const indices = new Uint8Array(width * height);
  const mask = 2 ** bits - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      indices[y * width + x] = data[y * stride + (bit >> 3)]! >> (8 - bits - (bit & 7)) & mask;
    }
  }
  return indices;
}

/**
 * Unpacks runs of 8 or 4 bits, as Microsoft's documentation of BI_RLE8 and BI_RLE4 has them. What is jumped over has index 0.
 */
function unpackRuns(data: Uint8Array, { width, height, bits }: BmpHeader, name: string): Uint8Array {
  const indices = new Uint8Array(width * height);
  const isHalf = bits === 4;
  const put = (place: number, byte: number, i: number) => {
    if (place < indices.length) indices[place] = isHalf ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte;
  };
  let [x, y] = [0, 0];
  for (let offset = 0; offset + 2 <= data.length && y <= height;) {
    const [count, value] = [data[offset]!, data[offset + 1]!];
    offset += 2;
    if (count > 0) {
      // A run that reaches over the row ends with it.
      for (let i = 0; i < count && x < width; i++) put(y * width + x++, value, i);
    } else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) {
      if (y < height - 1 || (y === height - 1 && x < width)) refuse(name, isCut);
      return indices;
    } else if (value === 2) {
      x += data[offset] ?? 0;
      y += data[offset + 1] ?? 0;
      offset += 2;
    } else {
      for (let i = 0; i < value && x < width; i++) put(y * width + x++, data[offset + (isHalf ? i >> 1 : i)] ?? 0, i);
      const length = isHalf ? Math.ceil(value / 2) : value;
      offset += length + length % 2;
    }
  }
  refuse(name, isCut);
}

function fromIndices(indices: Uint8Array, header: BmpHeader): DecodedImage {
  const { width, height, palette } = header;
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0, place = 0; y < height; y++) {
    const row = storedRow(y, header) * width;
    for (let x = 0; x < width; x++) {
      const colour = 3 * indices[row + x]!;
      for (let c = 0; c < 3; c++) pixels[place++] = palette[colour + c]!;
    }
  }
  return { pixels, height, width, channels: 3 };
}

function fromColours({ data, stride }: Rows, header: BmpHeader): DecodedImage {
  const { width, height } = header;
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0, place = 0; y < height; y++) {
    for (let x = 0, from = storedRow(y, header) * stride; x < width; x++, from += 3) {
      for (let c = 2; c >= 0; c--) pixels[place++] = data[from + c]!;
    }
  }
  return { pixels, height, width, channels: 3 };
}

/** Pixels of 16 or 32 bits. */
function fromMasks({ data, stride }: Rows, header: BmpHeader, name: string): DecodedImage {
  const { width, height, bits, masks } = header;
  const channels = masks[3] === 0 ? 3 : 4;
  const fields = masks.slice(0, channels).map((mask) => fieldOf(mask, name));
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const pixels = new Uint8Array(channels * width * height);
  for (let y = 0, place = 0; y < height; y++) {
    for (let x = 0, from = storedRow(y, header) * stride; x < width; x++, from += bits / 8) {
      const value = bits === 16 ? view.getUint16(from, true) : view.getUint32(from, true);
      for (const { shift, levels } of fields) {
        pixels[place++] = levels[(value >>> shift) & (levels.length - 1)]!;
      }
    }
  }
  return { pixels, height, width, channels };
}

/** Where a channel stands, and the byte of each of its values; more than eight bits are cut. */
function fieldOf(mask: number, name: string): { shift: number; levels: Uint8Array } {
  const lowest = 31 - Math.clz32(mask & -mask);
  const size = 32 - Math.clz32(mask >>> lowest);
  const isWhole = mask !== 0 && (mask >>> lowest) === 2 ** size - 1;
  if (!isWhole) refuse(name, "its masks of colours are damaged");
  const shift = lowest + Math.max(0, size - 8);
  const most = 2 ** Math.min(8, size) - 1;
  return { shift, levels: Uint8Array.from({ length: most + 1 }, (_, value) => Math.floor(value * 255 / most)) };
}
