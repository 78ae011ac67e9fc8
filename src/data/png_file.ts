import { convertIndexedToRgb, decode } from "fast-png";
import { collect, concatenate, inflate } from "./bounded_bytes.ts";
import { DataError } from "./errors.ts";
import { type DecodedImage, requireModestSize } from "./decoded_image.ts";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

// Colour types of the PNG specification with their channels; type 3 stores indices into a palette.
const channelsOfType: Record<number, 1 | 2 | 3 | 4> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const paletteType = 3;

/** Tells whether bytes start like a PNG file. */
export function isPng(bytes: Uint8Array): boolean {
  return signature.every((byte, place) => bytes[place] === byte);
}

/**
 * Decodes a PNG file that may be damaged or hostile.
 *
 * The library behind it believes what a file says, so the file is walked first: sizes are bounded, only the chunks that pixels
 * need are handed on, and the compressed data must unpack to exactly the announced size.
 *
 * @param bytes The whole file.
 * @param name The file, for messages.
 * @returns The image; palettes are resolved, an alpha channel is kept.
 * @throws {DataError} If the file is damaged, cut, too large, has 16 bits a channel, or is interlaced.
 */
export async function decodePng(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage> {
  const fail = (what: string): never => {
    throw new DataError(`Cannot read ${name}: ${what}`);
  };
  const chunks = [...walkChunks(bytes, fail)];
  const header = chunks[0];
  if (header?.type !== "IHDR" || header.content.length !== 13) return fail("it does not start with a PNG header");
  const view = new DataView(header.content.buffer, header.content.byteOffset, 13);
  const [width, height, depth, colourType] = [view.getUint32(0), view.getUint32(4), view.getUint8(8), view.getUint8(9)];
  const channels = channelsOfType[colourType] ?? fail(`colour type ${colourType} is unknown`);
  requireModestSize(height, width, name);
  if (depth > 8) fail(`it has ${depth} bits a channel, expected at most 8: save it again with 8`);
  if (view.getUint8(12) !== 0) fail("it is interlaced, save it again without");

  const isPalette = colourType === paletteType;
  const needed = chunks.filter(({ type }) =>
    type === "IHDR" || type === "IDAT" || type === "IEND" || (isPalette && (type === "PLTE" || type === "tRNS"))
  );
  const data = concatenate(needed.filter(({ type }) => type === "IDAT").map(({ content }) => content));
  const length = height * (1 + Math.ceil(width * channels * depth / 8));
  await collect(inflate(data, "deflate"), name, { expect: { prefixBytes: 0, length: () => length } });
  try {
    const png = decode(concatenate([Uint8Array.from(signature), ...needed.map(({ whole }) => whole)]), {
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

function* walkChunks(bytes: Uint8Array<ArrayBuffer>, fail: (what: string) => never): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = signature.length; offset + 12 <= bytes.length;) {
    const end = offset + 12 + view.getUint32(offset);
    if (end > bytes.length) break;
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    yield { type, content: bytes.subarray(offset + 8, end - 4), whole: bytes.subarray(offset, end) };
    if (type === "IEND") return;
    offset = end;
  }
  fail("it is cut, fetch the file again");
}
