import { assert, assertEquals, assertFalse } from "@std/assert";
import { encode } from "fast-png";
import { decodeImage } from "../../../src/data/mod.ts";
import { pngDecoder } from "../../../src/data/decoders/png.ts";
import { assertDataError } from "../_folder.ts";
import { png } from "../_pictures.ts";
import { largestDifference } from "./_conformance.ts";

const palette: [string, Uint8Array] = ["PLTE", Uint8Array.of(9, 8, 7, 255, 0, 1)];

Deno.test("pngDecoder does not even look at chunks that pixels do not need", async () => {
  // A profile that is no compressed data fails when it is unpacked, so it was not; a bomb would not be either.
  const profile = new TextEncoder().encode("icc\0\0not compressed");
  const chunks: [string, Uint8Array][] = [["iCCP", profile], ["tEXt", new Uint8Array(3)]];
  assertEquals(
    [...(await decodeImage(png({ width: 1, height: 1, rows: Uint8Array.of(0, 42), chunks }), "a.png")).pixels],
    [42, 42, 42, 255],
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

Deno.test("pngDecoder refuses any single changed byte", async () => {
  const file = png({ width: 4, height: 4, rows: Uint8Array.from({ length: 20 }, (_, i) => i % 5 ? i : 0) });
  for (let place = 8; place < file.length; place++) {
    const bad = file.slice();
    bad[place]! ^= 0x41;
    await assertDataError(() => decodeImage(bad, "bad.png"), "bad.png");
  }
});

Deno.test("pngDecoder refuses headers that announce too much, and content that does not fit them", async () => {
  const rows = Uint8Array.of(0, 1, 2, 0, 3, 4);
  const longMarks: [string, Uint8Array] = ["tRNS", new Uint8Array(3)];
  const cases: [Parameters<typeof png>[0], string][] = [
    [{ width: 0xffffffff, height: 0xffffffff, rows }, "4294967295x4294967295 pixels"],
    [{ width: 0, height: 2, rows }, "2x0 pixels"],
    [{ width: 8193, height: 8192, rows }, "8192x8193"],
    [{ width: 2, height: 3, rows }, "damaged"],
    [{ width: 2, height: 2, colourType: 5, rows }, "damaged"],
    [{ width: 2, height: 2, depth: 3, rows }, "damaged"],
    [{ width: 2, height: 2, interlace: 2, rows }, "damaged"],
    [{ width: 2, height: 2, colourType: 3, rows }, "damaged"],
    [{ width: 2, height: 2, colourType: 3, rows, chunks: [palette, palette] }, "damaged"],
    [{ width: 2, height: 2, colourType: 3, rows, chunks: [palette, longMarks] }, "damaged"],
    [{ width: 2, height: 2, rows, chunks: [["tRNS", new Uint8Array(1)]] }, "damaged"],
    [{ width: 2, height: 2, rows: Uint8Array.of(9, 1, 2, 0, 3, 4) }, "damaged"],
  ];
  for (const [parts, words] of cases) await assertDataError(() => decodeImage(png(parts), "bad.png"), "bad.png", words);
});

Deno.test("pngDecoder takes surplus data and indices without a colour as Pillow does: left out, and black", async () => {
  const rows = Uint8Array.of(0, 1, 2, 0, 3, 4);
  const surplus = await decodeImage(png({ width: 2, height: 1, rows }), "a.png");
  assertEquals([...surplus.pixels], [1, 1, 1, 255, 2, 2, 2, 255]);
  const outside = await decodeImage(png({ width: 2, height: 2, colourType: 3, rows, chunks: [palette] }), "a.png");
  assertEquals([...outside.pixels], [255, 0, 1, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]);
});

Deno.test("pngDecoder reads a large picture in one chunk, as Deno itself and other programs of Rust write it", async () => {
  // What Deno draws is blank; noise of its own makes the data long.
  const [width, height] = [1200, 900];
  const canvas = new OffscreenCanvas(width, height);
  const noise = Uint8Array.from({ length: 4 * width * height }, (_, i) => i % 4 === 3 ? 255 : i * i % 251);
  const bitmap = await createImageBitmap(new ImageData(new Uint8ClampedArray(noise), width, height));
  canvas.getContext("bitmaprenderer")!.transferFromImageBitmap(bitmap);
  const bytes = await (await canvas.convertToBlob({ type: "image/png" })).bytes();
  const image = await decodeImage(bytes, "deno.png");
  assertEquals([image.height, image.width], [height, width]);
  assertEquals(largestDifference(image.pixels, noise), 0);
  for (const encode of [encodeFast, encodeSquoosh]) {
    const again = await decodeImage(await encode(noise, width, height), "again.png");
    assertEquals(largestDifference(again.pixels, noise), 0);
  }
});

function encodeFast(data: Uint8Array, width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  return Promise.resolve(Uint8Array.from(encode({ data, width, height, channels: 4 })));
}

async function encodeSquoosh(data: Uint8Array<ArrayBuffer>, width: number, height: number) {
  const script = await import("@jsquash/png/codec/pkg/squoosh_png.js");
  const code = new URL(import.meta.resolve("@jsquash/png/codec/pkg/squoosh_png_bg.wasm"));
  script.initSync(await Deno.readFile(code));
  return Uint8Array.from(script.encode(data, width, height, 8));
}

Deno.test("pngDecoder takes back memory that failures have cost", async () => {
  // Each fails after 16 MB of pixels were made: without a new instance now and then, 4 GB would not do.
  const broken = png({ width: 2048, height: 2048, rows: new Uint8Array(2048 * 2049 - 1) });
  for (let i = 0; i < 8; i++) await assertDataError(() => decodeImage(broken, "bad.png"), "damaged");
  assertEquals((await decodeImage(png({ width: 1, height: 1, rows: Uint8Array.of(0, 9) }), "a.png")).pixels[0], 9);
});

Deno.test("pngDecoder recognises the signature", () => {
  assert(pngDecoder.recognises(png({ width: 1, height: 1, rows: Uint8Array.of(0, 0) })));
  for (const bytes of [new Uint8Array(), new Uint8Array(8), Uint8Array.of(0x89, 0x50, 0x4e, 0x47)]) {
    assertFalse(pngDecoder.recognises(bytes));
  }
});
