import { assert, assertEquals, assertFalse } from "@std/assert";
import { concatenate } from "../../../src/data/bytes.ts";
import { bmpDecoder } from "../../../src/data/decoders/bmp.ts";
import { decodeImage } from "../../../src/data/mod.ts";
import { assertDataError } from "../_folder.ts";
import { openCorpus } from "./_conformance.ts";

interface BmpParts {
  width?: number;
  height?: number;
  bits: number;
  compression?: number;
  /** Masks or palette between header and pixels. */
  between?: number[];
  pixels: number[];
}

/** A BMP file with a header of 40 bytes. */
function bmp(
  { width = 2, height = 1, bits, compression = 0, between = [], pixels }: BmpParts,
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(54);
  const view = new DataView(header.buffer);
  header.set([0x42, 0x4d]);
  view.setUint32(10, 54 + between.length, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  view.setUint32(30, compression, true);
  return concatenate([header, Uint8Array.from(between), Uint8Array.from(pixels)]);
}

/** Little-endian bytes of numbers of 32 bits. */
function words(...numbers: number[]): number[] {
  return [...new Uint8Array(Uint32Array.from(numbers).buffer)];
}

Deno.test("bmpDecoder reads any masks, more than eight bits cut", async () => {
  const between = words(0x3ff00000, 0x000ffc00, 0x000003ff);
  const pixels = words(1023 << 20 | 512 << 10 | 4, 0);
  const image = await decodeImage(bmp({ bits: 32, compression: 3, between, pixels }), "a.bmp");
  assertEquals([[...image.pixels], image.channels], [[255, 128, 1, 0, 0, 0], 3]);
});

Deno.test("bmpDecoder unpacks runs, jumps and what is left out", async () => {
  const between = words(0x010203, 0x040506, 0x070809);
  // Two of colour 1, then a jump over one pixel and up one row, one of colour 2, the end.
  const pixels = [2, 1, 0, 2, 1, 1, 1, 2, 0, 1];
  const { pixels: found } = await decodeImage(
    bmp({ width: 4, height: 2, bits: 8, compression: 1, between, pixels }),
    "a.bmp",
  );
  const [zero, one, two] = [[1, 2, 3], [4, 5, 6], [7, 8, 9]];
  assertEquals([...found], [zero, zero, zero, two, one, one, zero, zero].flat());
});

Deno.test("bmpDecoder refuses what it does not know, and what does not fit", async () => {
  const cases: [BmpParts, string][] = [
    [{ bits: 24, compression: 4, pixels: [1, 2, 3] }, "24 bits a pixel in compression 4"],
    [{ bits: 7, pixels: [0, 0, 0, 0] }, "7 bits a pixel in compression 0"],
    [{ bits: 24, pixels: [1, 2, 3, 4, 5, 6, 7] }, "cut"],
    [{ bits: 8, compression: 1, pixels: [2, 1] }, "cut"],
    [{ bits: 32, compression: 3, between: words(0, 1, 2), pixels: words(0, 0) }, "masks of colours are damaged"],
    [{ bits: 32, compression: 3, between: words(5, 1, 2), pixels: words(0, 0) }, "masks of colours are damaged"],
    [{ width: -2, bits: 24, pixels: [] }, "announces 1x-2 pixels"],
    [{ width: 70_000, bits: 24, pixels: [] }, "announces 1x70000 pixels"],
  ];
  for (const [parts, words] of cases) await assertDataError(() => decodeImage(bmp(parts), "a.bmp"), "a.bmp", words);
  const odd = bmp({ bits: 24, pixels: [] });
  odd[14] = 13;
  await assertDataError(() => decodeImage(odd, "a.bmp"), "a.bmp", "does not start with a BMP header");
});

Deno.test("bmpDecoder recognises the mark", async () => {
  assert(bmpDecoder.recognises((await openCorpus()).file("24.bmp")));
  for (const text of ["", "B", "MB"]) assertFalse(bmpDecoder.recognises(new TextEncoder().encode(text)));
});
