import { assert, assertEquals, assertFalse } from "@std/assert";
import { decodeImage } from "../../../src/data/mod.ts";
import { pngDecoder } from "../../../src/data/decoders/png.ts";
import { assertDataError } from "../_folder.ts";
import { png } from "../_pictures.ts";

const palette: [string, Uint8Array] = ["PLTE", Uint8Array.of(9, 8, 7, 255, 0, 1)];

Deno.test("pngDecoder returns grey, colour and alpha as the file has them", async () => {
  for (const [colourType, channels] of [[0, 1], [2, 3], [4, 2], [6, 4]] as const) {
    const values = Uint8Array.from({ length: 2 * channels }, (_, i) => 10 + i);
    const rows = Uint8Array.of(0, ...values, 0, ...values);
    const image = await decodeImage(png({ width: 2, height: 2, colourType, rows }), "a.png");
    assertEquals(image, { pixels: Uint8Array.of(...values, ...values), height: 2, width: 2, channels });
  }
});

Deno.test("pngDecoder resolves palettes and greys of few bits", async () => {
  const rows = Uint8Array.of(0, 0b10100000);
  const two = await decodeImage(
    png({ width: 3, height: 1, depth: 1, colourType: 3, rows, chunks: [palette] }),
    "a.png",
  );
  assertEquals(two, { pixels: Uint8Array.of(255, 0, 1, 9, 8, 7, 255, 0, 1), height: 1, width: 3, channels: 3 });
  const chunks: [string, Uint8Array][] = [palette, ["tRNS", Uint8Array.of(0)]];
  const clear = await decodeImage(
    png({ width: 1, height: 1, colourType: 3, rows: Uint8Array.of(0, 0), chunks }),
    "a.png",
  );
  assertEquals([[...clear.pixels], clear.channels], [[9, 8, 7, 0], 4]);
  for (
    const [depth, byte, greys] of [[1, 0b10000000, [255, 0]], [2, 0b01100000, [85, 170]], [4, 0x3f, [51, 255]]] as const
  ) {
    const grey = await decodeImage(png({ width: 2, height: 1, depth, rows: Uint8Array.of(0, byte) }), "a.png");
    assertEquals([[...grey.pixels], grey.channels], [[...greys], 1]);
  }
});

Deno.test("pngDecoder does not even look at chunks that pixels do not need", async () => {
  // A profile that is no compressed data fails when it is unpacked, so it was not; a bomb would not be either.
  const profile = new TextEncoder().encode("icc\0\0not compressed");
  const chunks: [string, Uint8Array][] = [["iCCP", profile], ["tEXt", new Uint8Array(3)], ["tRNS", new Uint8Array(1)]];
  assertEquals(
    [...(await decodeImage(png({ width: 1, height: 1, rows: Uint8Array.of(0, 42), chunks }), "a.png")).pixels],
    [42],
  );
});

Deno.test("pngDecoder refuses a file cut at any byte", async () => {
  const file = png({
    width: 4,
    height: 4,
    colourType: 2,
    rows: Uint8Array.from({ length: 52 }, (_, i) => i % 13 ? i : 0),
  });
  for (let length = 8; length < file.length; length++) {
    await assertDataError(() => decodeImage(file.slice(0, length), "cut.png"), "cut.png");
  }
  await decodeImage(file, "whole.png");
});

Deno.test("pngDecoder survives any single changed byte: an image of the same size, or one clear line", async () => {
  const file = png({ width: 4, height: 4, rows: Uint8Array.from({ length: 20 }, (_, i) => i % 5 ? i : 0) });
  let refused = 0;
  for (let place = 8; place < file.length; place++) {
    const bad = file.slice();
    bad[place]! ^= 0x41;
    const image = await decodeImage(bad, "bad.png").catch((error) => error);
    if (image instanceof Error) {
      await assertDataError(() => Promise.reject(image), "bad.png");
      refused++;
    }
  }
  assert(refused > file.length - 20, `${refused} of ${file.length}`);
});

Deno.test("pngDecoder refuses headers that announce too much, and data that holds more or less", async () => {
  const rows = Uint8Array.of(0, 1, 2, 0, 3, 4);
  const cases: [Parameters<typeof png>[0], string][] = [
    [{ width: 0xffffffff, height: 0xffffffff, rows }, "4294967295x4294967295 pixels"],
    [{ width: 0, height: 2, rows }, "2x0 pixels"],
    [{ width: 8193, height: 8192, rows }, "8192x8193"],
    [{ width: 2, height: 3, rows }, "found 6 bytes, expected the 9"],
    [{ width: 2, height: 1, rows }, "more than the 3 bytes"],
    [{ width: 2, height: 2, rows: new Uint8Array(64 << 20) }, "more than the 6 bytes"],
    [{ width: 2, height: 2, depth: 16, rows }, "16 bits"],
    [{ width: 2, height: 2, interlace: 1, rows }, "interlaced"],
    [{ width: 2, height: 2, colourType: 5, rows }, "colour type 5"],
    [{ width: 2, height: 2, colourType: 3, rows }, "damaged"],
    [{ width: 2, height: 2, colourType: 3, rows, chunks: [palette] }, "damaged"],
    [{ width: 2, height: 2, rows: Uint8Array.of(9, 1, 2, 0, 3, 4) }, "damaged"],
  ];
  for (const [parts, words] of cases) await assertDataError(() => decodeImage(png(parts), "bad.png"), "bad.png", words);
});

Deno.test("pngDecoder recognises the signature", () => {
  assert(pngDecoder.recognises(png({ width: 1, height: 1, rows: Uint8Array.of(0, 0) })));
  for (const bytes of [new Uint8Array(), new Uint8Array(8), Uint8Array.of(0x89, 0x50, 0x4e, 0x47)]) {
    assertFalse(pngDecoder.recognises(bytes));
  }
});
