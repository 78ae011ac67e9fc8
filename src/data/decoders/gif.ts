import { concatenate } from "../bytes.ts";
import { type DecodedImage, type Decoder, isCut, type Measured, refuse } from "./decoder.ts";

/** GIF files: the first frame, on the logical screen. */
export const gifDecoder: Decoder = {
  name: "GIF",
  recognises: (bytes) => /^GIF8[79]a$/.test(String.fromCharCode(...bytes.subarray(0, 6))),
  measure: (bytes, name) => readFirstFrame(bytes, name).screen,
  decode,
};

interface FirstFrame {
  /** The logical screen, grown where the frame reaches over it. */
  readonly screen: Measured;
  /** Red, green and blue of all 256 indices; those that the file does not give are black. */
  readonly palette: Uint8Array<ArrayBuffer>;
  /** Index that is transparent; undefined if none is. */
  readonly clear: number | undefined;
  /** Place and size of the frame, as the file has them: four numbers of two bytes. */
  readonly place: Uint8Array<ArrayBuffer>;
  /** Pixels of the frame. */
  readonly area: number;
  readonly isInterlaced: boolean;
  /** Compressed indices: size of the first code, then blocks, up to the empty one. */
  readonly data: Uint8Array<ArrayBuffer>;
}

const extension = 0x21;
const graphicControl = 0xf9;
const imageDescriptor = 0x2c;

/** Walks the blocks up to the end of the first frame. */
function readFirstFrame(bytes: Uint8Array<ArrayBuffer>, name: string): FirstFrame {
  if (bytes.length < 13) refuse(name, isCut);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let palette = readPalette(bytes, 13, bytes[10]!);
  let clear: number | undefined;
  for (let offset = 13 + paletteBytes(bytes[10]!); offset + 10 < bytes.length;) {
    const kind = bytes[offset];
    if (kind === extension) {
      const hasClear = bytes[offset + 1] === graphicControl && (bytes[offset + 3]! & 1) === 1;
      if (hasClear) clear = bytes[offset + 6];
      offset = skipBlocks(bytes, offset + 2, name);
    } else if (kind === imageDescriptor) {
      const [left, top, width, height] = [1, 3, 5, 7].map((at) => view.getUint16(offset + at, true)) as Four;
      const screen = {
        width: Math.max(view.getUint16(6, true), left + width),
        height: Math.max(view.getUint16(8, true), top + height),
      };
      const flags = bytes[offset + 9]!;
      if (hasPalette(flags)) palette = readPalette(bytes, offset + 10, flags);
      const start = offset + 10 + paletteBytes(flags);
      const data = bytes.subarray(start, skipBlocks(bytes, start + 1, name));
      const place = bytes.subarray(offset + 1, offset + 9);
      return { screen, palette, clear, place, area: width * height, isInterlaced: (flags & 0x40) !== 0, data };
    } else refuse(name, "it has no frame, or is damaged");
  }
  refuse(name, isCut);
}

type Four = [number, number, number, number];

function hasPalette(flags: number): boolean {
  return (flags & 0x80) !== 0;
}

function paletteBytes(flags: number): number {
  return hasPalette(flags) ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function readPalette(bytes: Uint8Array, start: number, flags: number): Uint8Array<ArrayBuffer> {
  const palette = new Uint8Array(768);
  palette.set(bytes.subarray(start, start + paletteBytes(flags)));
  return palette;
}

/** The place behind blocks that each begin with their length, the last of which is empty. */
function skipBlocks(bytes: Uint8Array, start: number, name: string): number {
  let offset = start;
  while (offset < bytes.length && bytes[offset] !== 0) offset += 1 + bytes[offset]!;
  if (offset >= bytes.length) refuse(name, isCut);
  return offset + 1;
}

/**
 * Decodes the first frame alone: the library gets a file that has been written anew, with the whole palette, so that whatever
 * the rest of the original holds cannot matter.
 */
async function decode(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage> {
  const frame = readFirstFrame(bytes, name);
  const { width, height } = frame.screen;
  const pixels = new Uint8Array(4 * width * height);
  // What the frame leaves free is transparent, or has the first colour if nothing can be.
  if (frame.clear === undefined) new Uint32Array(pixels.buffer).fill(opaque(frame.palette));
  if (countPixels(frame.data, name) < frame.area) refuse(name, isCut);
  const { GifReader } = await import("omggif");
  silently(() => {
    try {
      new GifReader(writeFile(frame)).decodeAndBlitFrameRGBA(0, pixels);
    } catch (error) {
      refuse(name, "its content is damaged", error);
    }
  });
  return { pixels, height, width, channels: 4 };
}

/** The first colour as four bytes in the machine's order. */
function opaque([red, green, blue]: Uint8Array): number {
  return new Uint32Array(Uint8Array.of(red!, green!, blue!, 255).buffer)[0]!;
}

/**
 * Counts the pixels of compressed data by its codes (GIF89a, appendix F): the library takes a code that is none yet for another, and stops
 * without an error where data ends.
 *
 * @throws {DataError} If a code is not known where it stands.
 */
function countPixels(data: Uint8Array, name: string): number {
  const least = data[0]!;
  if (least < 1 || least > 8) refuse(name, "its content is damaged");
  const [clear, end] = [2 ** least, 2 ** least + 1];
  const lengths = new Uint16Array(mostCodes).fill(1, 0, clear);
  let [pixels, next, size, last] = [0, end + 1, least + 1, 0];
  const read = codeReader(joinBlocks(data));
  for (let code = read(size); code !== undefined && code !== end; code = read(size)) {
    if (code === clear) {
      [next, size, last] = [end + 1, least + 1, 0];
      continue;
    }
    // A code may name the entry that it completes.
    if (code > next || (code === next && last === 0)) refuse(name, "its content is damaged");
    const length = code < next ? lengths[code]! : last + 1;
    if (last > 0 && next < mostCodes) lengths[next++] = last + 1;
    if (next === 2 ** size && next < mostCodes) size++;
    last = length;
    pixels += length;
  }
  return pixels;
}

const mostCodes = 4096;

/** Reads codes of some bits, the lowest first; undefined where there are not as many left. */
function codeReader(bytes: Uint8Array): (size: number) => number | undefined {
  let [offset, held, bits] = [0, 0, 0];
  return (size) => {
    for (; bits < size; bits += 8) {
      if (offset === bytes.length) return undefined;
      held |= bytes[offset++]! << bits;
    }
    const code = held & (2 ** size - 1);
    held >>>= size;
    bits -= size;
    return code;
  };
}

/** The blocks behind the first byte as one. */
function joinBlocks(data: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let offset = 1; data[offset]! > 0; offset += 1 + data[offset]!) {
    blocks.push(data.subarray(offset + 1, offset + 1 + data[offset]!));
  }
  return concatenate(blocks);
}

/** The library prints where data is longer than the frame. */
function silently(work: () => void): void {
  const { log } = console;
  console.log = () => {};
  try {
    work();
  } finally {
    console.log = log;
  }
}

function writeFile({ screen, palette, clear, place, isInterlaced, data }: FirstFrame): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  header.set(new TextEncoder().encode("GIF89a"));
  new DataView(header.buffer).setUint16(6, screen.width, true);
  new DataView(header.buffer).setUint16(8, screen.height, true);
  const control = Uint8Array.of(extension, graphicControl, 4, clear === undefined ? 0 : 1, 0, 0, clear ?? 0, 0);
  const flags = Uint8Array.of(0x87 | (isInterlaced ? 0x40 : 0));
  return concatenate([
    header,
    control,
    Uint8Array.of(imageDescriptor),
    place,
    flags,
    palette,
    data,
    Uint8Array.of(0x3b),
  ]);
}
