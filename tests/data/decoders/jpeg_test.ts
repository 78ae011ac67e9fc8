import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { encode } from "jpeg-js";
import { jpegDecoder } from "../../../src/data/decoders/jpeg.ts";
import { DataError, decodeImage } from "../../../src/data/mod.ts";
import { assertDataError } from "../_folder.ts";

/** A JPEG file of a horizontal ramp of greys. */
function ramp(width: number, height: number): Uint8Array<ArrayBuffer> {
  const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => i % 4 === 3 ? 255 : (i >> 2) % width * 4);
  return Uint8Array.from(encode({ data, width, height }, 95).data);
}

Deno.test("jpegDecoder returns red, green and blue close to what was encoded", async () => {
  const { pixels, height, width, channels } = await decodeImage(ramp(32, 20), "a.jpg");
  assertEquals([height, width, channels, pixels.length], [20, 32, 3, 20 * 32 * 3]);
  pixels.forEach((value, i) => assert(Math.abs(value - Math.floor(i / 3) % 32 * 4) <= 4, `${value} at ${i}`));
});

Deno.test("jpegDecoder refuses cut files and files that announce too many pixels", async () => {
  const file = ramp(32, 20);
  for (let length = 3; length < file.length; length += 9) {
    await assertDataError(() => decodeImage(file.slice(0, length), "cut.jpg"), "cut.jpg", "cut");
  }
  // The frame header: ff c0, length, precision, then height and width.
  const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
  const huge = file.slice();
  huge.set([0xff, 0xff, 0xff, 0xff], frame + 5);
  await assertDataError(() => decodeImage(huge, "huge.jpg"), "huge.jpg", "announces 65535x65535 pixels");
  // The library has its own limit, for a frame that measuring has not seen.
  await assertDataError(() => Promise.try(() => jpegDecoder.decode(huge, "huge.jpg")), "huge.jpg", "limit exceeded");
});

Deno.test("jpegDecoder survives any single changed byte: an image, or one clear line", async () => {
  const file = ramp(16, 16);
  let cases = 0;
  for (let place = 2; place < file.length - 2; place++) {
    const bad = file.slice();
    bad[place]! ^= 0xa5;
    try {
      const { pixels, height, width } = await decodeImage(bad, "bad.jpg");
      assertEquals(pixels.length, height * width * 3);
    } catch (error) {
      await assertDataError(() => Promise.reject(error), "bad.jpg");
    }
    cases++;
  }
  assert(cases > 500);
});

Deno.test("jpegDecoder measures any frame behind any segments, and says when there is none", () => {
  const measure = (...bytes: number[]) => jpegDecoder.measure(Uint8Array.of(0xff, 0xd8, ...bytes), "a.jpg");
  const comment = [0xff, 0xfe, 0, 3, 0xc0];
  const frame = [0, 11, 8, 1, 2, 3, 4];
  assertEquals(measure(0xff, 0xc0, ...frame), { height: 258, width: 772 });
  assertEquals(measure(...comment, 0xff, 0xff, 0xc2, ...frame), { height: 258, width: 772 });
  assertEquals(measure(...comment, 0, 0xff, 0xd0, 0xff, 0xc1, ...frame), { height: 258, width: 772 });
  assertThrows(() => measure(0xff, 0xc4, ...frame, 0, 0, 0, 0), DataError, "a.jpg: it is cut");
  assertThrows(() => measure(0xff, 0xda, ...frame, 0xff, 0xc0, ...frame), DataError, "a scan before any frame");
  assertThrows(() => measure(), DataError, "it is cut");
});

Deno.test("jpegDecoder recognises the first marker", () => {
  assert(jpegDecoder.recognises(ramp(8, 8)));
  for (const bytes of [new Uint8Array(), Uint8Array.of(0xff, 0xd8), new Uint8Array(8)]) {
    assertFalse(jpegDecoder.recognises(bytes));
  }
});
