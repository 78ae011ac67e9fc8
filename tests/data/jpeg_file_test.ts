import { assert, assertEquals, assertFalse } from "@std/assert";
import { encode } from "jpeg-js";
import { decodeJpeg, isJpeg } from "../../src/data/jpeg_file.ts";
import { assertDataError } from "./_folder.ts";

/** A JPEG file of a horizontal ramp of greys. */
function ramp(width: number, height: number): Uint8Array<ArrayBuffer> {
  const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => i % 4 === 3 ? 255 : (i >> 2) % width * 4);
  return Uint8Array.from(encode({ data, width, height }, 95).data);
}

Deno.test("decodeJpeg() returns red, green and blue close to what was encoded", () => {
  const { pixels, height, width, channels } = decodeJpeg(ramp(32, 20), "a.jpg");
  assertEquals([height, width, channels, pixels.length], [20, 32, 3, 20 * 32 * 3]);
  pixels.forEach((value, i) => assert(Math.abs(value - Math.floor(i / 3) % 32 * 4) <= 4, `${value} at ${i}`));
});

Deno.test("decodeJpeg() refuses cut files and files that announce too many pixels", async () => {
  const file = ramp(32, 20);
  for (let length = 3; length < file.length; length += 9) {
    await assertDataError(() => Promise.try(() => decodeJpeg(file.slice(0, length), "cut.jpg")), "cut.jpg", "cut");
  }
  // The frame header: ff c0, length, precision, then height and width.
  const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
  const huge = file.slice();
  huge.set([0xff, 0xff, 0xff, 0xff], frame + 5);
  await assertDataError(() => Promise.try(() => decodeJpeg(huge, "huge.jpg")), "huge.jpg", "limit exceeded");
});

Deno.test("decodeJpeg() survives any single changed byte: an image, or one clear line", async () => {
  const file = ramp(16, 16);
  let cases = 0;
  for (let place = 2; place < file.length - 2; place++) {
    const bad = file.slice();
    bad[place]! ^= 0xa5;
    try {
      const { pixels, height, width } = decodeJpeg(bad, "bad.jpg");
      assertEquals(pixels.length, height * width * 3);
    } catch (error) {
      await assertDataError(() => Promise.reject(error), "bad.jpg");
    }
    cases++;
  }
  assert(cases > 500);
});

Deno.test("isJpeg() looks at the first marker", () => {
  assert(isJpeg(ramp(8, 8)));
  for (const bytes of [new Uint8Array(), Uint8Array.of(0xff, 0xd8), new Uint8Array(8)]) assertFalse(isJpeg(bytes));
});
