import { convertIndexedToRgb, decode as decodePng } from "fast-png";
import { collect, concatenate, inflate } from "../bytes.ts";
import { DataError } from "../errors.ts";
import type { AnnouncedSize, DecodedImage, Decoder } from "./decoder.ts";

/** PNG files of up to 8 bits a channel, not interlaced; palettes are resolved, an alpha channel is kept. */
export const pngDecoder: Decoder = {
  name: "PNG",
  recognises: (bytes) => signature.every((byte, place) => bytes[place] === byte),
  measure: readHeader,
  decode,
};

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

// Colour types of the PNG specification with their channels; type 3 stores indices into a palette.
const channelsOfType: Record<number, 1 | 2 | 3 | 4> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const paletteType = 3;

interface Header extends AnnouncedSize {
  /** Bits a channel. */
  readonly depth: number;
  readonly colourType: number;
  readonly isInterlaced: boolean;
}

/** Signature, and the first chunk without its checksum. */
const headerBytes = 8 + 8 + 13;

function readHeader(bytes: Uint8Array<ArrayBuffer>, name: string): Header {
  if (bytes.length < headerBytes) fail(name, "it is cut, fetch the file again");
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  if (view.getUint32(8) !== 13 || typeAt(bytes, 12) !== "IHDR") fail(name, "it does not start with a PNG header");
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: view.getUint8(24),
    colourType: view.getUint8(25),
    isInterlaced: view.getUint8(28) !== 0,
  };
}

/**
 * Decodes.
 *
 * The library behind it believes what a file says, so the file is walked first: only the chunks that pixels need are handed
 * on, and the compressed data must unpack to exactly the announced size.
 */
async function decode(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage> {
  const { width, height, depth, colourType, isInterlaced } = readHeader(bytes, name);
  const channels = channelsOfType[colourType] ?? fail(name, `colour type ${colourType} is unknown`);
  if (depth > 8) fail(name, `it has ${depth} bits a channel, expected at most 8: save it again with 8`);
  if (isInterlaced) fail(name, "it is interlaced, save it again without");

  const isPalette = colourType === paletteType;
  const needed = [...walkChunks(bytes, name)].filter(({ type }) =>
    type === "IHDR" || type === "IDAT" || type === "IEND" || (isPalette && (type === "PLTE" || type === "tRNS"))
  );
  const data = concatenate(needed.filter(({ type }) => type === "IDAT").map(({ content }) => content));
  const length = height * (1 + Math.ceil(width * channels * depth / 8));
  await collect(inflate(data, "deflate"), name, { expect: { prefixBytes: 0, length: () => length } });
  try {
    const png = decodePng(concatenate([Uint8Array.from(signature), ...needed.map(({ whole }) => whole)]), {
      checkCrc: true,
    });
    if (!isPalette && depth === 8) return { pixels: Uint8Array.from(png.data), height, width, channels };
    // Grey of 1, 2 or 4 bits is a palette of evenly spaced greys.
    if (!isPalette) png.palette = Array.from({ length: 2 ** depth }, (_, i) => [i * 255 / (2 ** depth - 1)]) as never;
    const colours = (png.palette?.[0]?.length ?? 0) as 1 | 3 | 4;
    return { pixels: Uint8Array.from(convertIndexedToRgb(png)), height, width, channels: colours };
  } catch (error) {
    throw new DataError(`Cannot read ${name}: its PNG content is damaged`, { cause: error });
  }
}

interface Chunk {
  readonly type: string;
  readonly content: Uint8Array<ArrayBuffer>;
  /** Length, type, content and checksum. */
  readonly whole: Uint8Array<ArrayBuffer>;
}

function* walkChunks(bytes: Uint8Array<ArrayBuffer>, name: string): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = signature.length; offset + 12 <= bytes.length;) {
    const end = offset + 12 + view.getUint32(offset);
    if (end > bytes.length) break;
    const type = typeAt(bytes, offset + 4);
    yield { type, content: bytes.subarray(offset + 8, end - 4), whole: bytes.subarray(offset, end) };
    if (type === "IEND") return;
    offset = end;
  }
  fail(name, "it is cut, fetch the file again");
}

function typeAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

function fail(name: string, what: string): never {
  throw new DataError(`Cannot read ${name}: ${what}`);
}
