import { crc32, deflateSync } from "node:zlib";
import { concatenate } from "../../src/data/bytes.ts";

/** What a PNG file of {@linkcode png} holds. */
export interface PngParts {
  width: number;
  height: number;
  depth?: number;
  colourType?: number;
  interlace?: number;
  /** Filter byte and packed samples of each row. */
  rows: Uint8Array;
  /** Chunks between header and data. */
  chunks?: [type: string, content: Uint8Array][];
}

/** Writes a PNG file chunk by chunk, also such that no encoder would write. */
export function png({ width, height, depth = 8, colourType = 0, interlace = 0, rows, chunks = [] }: PngParts) {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, colourType, 0, 0, interlace], 8);
  return concatenate([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    ...chunks.map(([type, content]) => chunk(type, content)),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array()),
  ]);
}

/** One chunk of a PNG file with its length and checksum. */
export function chunk(type: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const body = concatenate([new TextEncoder().encode(type), content]);
  const whole = new Uint8Array(body.length + 8);
  const view = new DataView(whole.buffer);
  view.setUint32(0, content.length);
  whole.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return whole;
}
