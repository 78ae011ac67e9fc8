import { concatenate } from "../../../src/data/bytes.ts";

/** A segment: marker, length, content. */
function segment(marker: number, ...content: number[]): Uint8Array {
  const length = content.length + 2;
  return Uint8Array.of(0xff, marker, length >> 8, length & 0xff, ...content);
}

/**
 * A progressive grey JPEG file of many scans that hold nothing: each says of all blocks, thousands at a time, that they end here.
 *
 * @param side Height and width in pixels.
 * @param scans How many scans.
 */
export function emptyScans(side: number, scans: number): Uint8Array<ArrayBuffer> {
  const size = [side >> 8, side & 0xff];
  // A code of one bit, 0: a run of 2^14 blocks and as many more as the next 14 bits say.
  const table = segment(0xc4, 0x10, 1, ...new Array(15).fill(0), 0xe0);
  const blocks = Math.ceil(side / 8) ** 2;
  const bits = "000000000000000".repeat(Math.ceil(blocks / 2 ** 14));
  const data = new Uint8Array(Math.ceil(bits.length / 8));
  const scan = concatenate([segment(0xda, 1, 1, 0x00, 1, 63, 0), data]);
  return concatenate([
    Uint8Array.of(0xff, 0xd8),
    segment(0xdb, 0, ...new Array(64).fill(1)),
    segment(0xc2, 8, ...size, ...size, 1, 1, 0x11, 0),
    table,
    ...new Array(scans).fill(scan),
    Uint8Array.of(0xff, 0xd9),
  ]);
}
