import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { encode } from "jpeg-js";
import { concatenate } from "../../../src/data/bytes.ts";
import { jpegDecoder } from "../../../src/data/decoders/jpeg.ts";
import { DataError, decodeImage } from "../../../src/data/mod.ts";
import { assertDataError } from "../_folder.ts";
import { openCorpus } from "./_conformance.ts";
import { emptyScans } from "./_jpegs.ts";

/** A JPEG file of a horizontal ramp of greys. */
function ramp(width: number, height: number): Uint8Array<ArrayBuffer> {
  const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => i % 4 === 3 ? 255 : (i >> 2) % width * 4);
  return Uint8Array.from(encode({ data, width, height }, 95).data);
}

/** Place of a marker in a file. */
function find(file: Uint8Array, marker: number): number {
  return file.findIndex((byte, i) => byte === 0xff && file[i + 1] === marker);
}

Deno.test("jpegDecoder returns red, green and blue close to what was encoded", async () => {
  const { pixels, height, width, channels } = await decodeImage(ramp(32, 20), "a.jpg");
  assertEquals([height, width, channels, pixels.length], [20, 32, 4, 20 * 32 * 4]);
  pixels.forEach((value, i) => {
    const expected = i % 4 === 3 ? 255 : Math.floor(i / 4) % 32 * 4;
    assert(Math.abs(value - expected) <= 4, `${value} at ${i}`);
  });
});

Deno.test("jpegDecoder refuses cut files, also those that some program has ended, and too many pixels", async () => {
  const file = ramp(32, 20);
  const end = Uint8Array.of(0xff, 0xd9);
  const scan = find(file, 0xda) + 14;
  for (let length = 3; length < file.length; length += 9) {
    const cut = file.slice(0, length);
    await assertDataError(() => decodeImage(cut, "cut.jpg"), "cut.jpg", "cut");
    if (length > scan && length < file.length - 40) {
      await assertDataError(() => decodeImage(concatenate([cut, end]), "ended.jpg"), "ended.jpg", "cut");
    }
  }
  // The frame header: ff c0, length, precision, then height and width.
  const huge = file.slice();
  huge.set([0xff, 0xff, 0xff, 0xff], find(file, 0xc0) + 5);
  await assertDataError(() => decodeImage(huge, "huge.jpg"), "huge.jpg", "announces 65535x65535 pixels");
  await assertDataError(() => Promise.try(() => jpegDecoder.decode(huge, "huge.jpg")), "huge.jpg", "too much");
});

Deno.test("jpegDecoder refuses data that it would have to guess, and takes bytes too many", async () => {
  const file = ramp(64, 64);
  const scan = find(file, 0xda) + 14;
  const bad = file.slice();
  // Ones only: no code of a Huffman table.
  for (let i = scan + 40; i < scan + 60; i += 2) bad.set([0xff, 0x00], i);
  await assertDataError(() => decodeImage(bad, "bad.jpg"), "bad.jpg", "damaged");
  const surplus = concatenate([file.subarray(0, -2), new Uint8Array(9), file.subarray(-2), new Uint8Array(9)]);
  assertEquals((await decodeImage(surplus, "a.jpg")).pixels, (await decodeImage(file, "b.jpg")).pixels);
});

Deno.test("jpegDecoder survives any single changed byte: an image, or one clear line", async () => {
  const file = ramp(16, 16);
  let cases = 0;
  for (let place = 2; place < file.length - 2; place++) {
    const bad = file.slice();
    bad[place]! ^= 0xa5;
    try {
      const { pixels, height, width } = await decodeImage(bad, "bad.jpg");
      assertEquals(pixels.length, height * width * 4);
    } catch (error) {
      await assertDataError(() => Promise.reject(error), "bad.jpg");
    }
    cases++;
  }
  assert(cases > 500);
});

Deno.test("jpegDecoder refuses scans without end before it works on one", async () => {
  const start = performance.now();
  // 120 KB that visit 41 million blocks; 8 KB that want 64 megapixels sixty times; a picture too large for its memory.
  for (const [side, scans] of [[512, 10_000], [8192, 60]] as const) {
    await assertDataError(() => decodeImage(emptyScans(side, scans), "bomb.jpg"), "bomb.jpg", `its ${scans} scans`);
  }
  assert(performance.now() - start < 2000);
  // Few of them are decoded; the library then says that they make no sense.
  await assertDataError(() => decodeImage(emptyScans(64, 3), "few.jpg"), "few.jpg", "damaged");
});

Deno.test("jpegDecoder refuses CMYK that would take too long", async () => {
  const file = (await openCorpus()).file("cmyk-baseline.jpg");
  file.set([0x1f, 0xff, 0x1f, 0xff], find(file, 0xc0) + 5);
  await assertDataError(() => decodeImage(file, "large.jpg"), "large.jpg", "8191x8191 pixels in CMYK");
  const progressive = (await openCorpus()).file("cmyk-progressive.jpg");
  progressive.set([0x0c, 0x00, 0x0c, 0x00], find(progressive, 0xc2) + 5);
  // Its scans once more, and again: without end markers between them.
  const scans = progressive.subarray(find(progressive, 0xda), -2);
  const many = concatenate([progressive.subarray(0, -2), scans, scans, progressive.subarray(-2)]);
  await assertDataError(() => decodeImage(many, "scans.jpg"), "scans.jpg", "scans in CMYK are too much");
});

Deno.test("jpegDecoder measures any frame behind any segments, and says when there is none", () => {
  const measure = (...bytes: number[]) => {
    const { height, width } = jpegDecoder.measure(Uint8Array.of(0xff, 0xd8, ...bytes), "a.jpg");
    return { height, width };
  };
  const comment = [0xff, 0xfe, 0, 3, 0xc0];
  const frame = [0, 11, 8, 1, 2, 3, 4, 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
  assertEquals(measure(0xff, 0xc0, ...frame, ...scan), { height: 258, width: 772 });
  assertEquals(measure(...comment, 0xff, 0xff, 0xc2, ...frame, ...scan), { height: 258, width: 772 });
  assertEquals(measure(...comment, 0, 0xff, 0xd0, 0xff, 0xc1, ...frame, ...scan), { height: 258, width: 772 });
  assertThrows(() => measure(0xff, 0xc4, ...frame, 0, 0, 0, 0), DataError, "a.jpg: it is cut");
  assertThrows(() => measure(...scan, 0xff, 0xc0, ...frame), DataError, "a scan before any frame");
  assertThrows(() => measure(), DataError, "it is cut");
});

Deno.test("jpegDecoder says which kinds it does not know", () => {
  const frame = (marker: number, precision: number, sampling = 0x11) =>
    Uint8Array.of(0xff, 0xd8, 0xff, marker, 0, 11, precision, 0, 8, 0, 8, 1, 1, sampling, 0, 0xff, 0xda, 0, 2);
  const measure = (bytes: Uint8Array<ArrayBuffer>) => () => jpegDecoder.measure(bytes, "a.jpg");
  for (const marker of [0xc3, 0xc5, 0xc9, 0xcf]) {
    assertThrows(measure(frame(marker, 8)), DataError, "a.jpg: it is coded without loss or arithmetically");
  }
  assertThrows(measure(frame(0xc1, 12)), DataError, "it has 12 bits a value, expected 8");
  for (const sampling of [0x10, 0x51]) assertThrows(measure(frame(0xc0, 8, sampling)), DataError, "damaged");
});

Deno.test("jpegDecoder recognises the first marker", () => {
  assert(jpegDecoder.recognises(ramp(8, 8)));
  for (const bytes of [new Uint8Array(), Uint8Array.of(0xff, 0xd8), new Uint8Array(8)]) {
    assertFalse(jpegDecoder.recognises(bytes));
  }
});
