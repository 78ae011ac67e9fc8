import { assertEquals, assertThrows } from "@std/assert";
import { checkImages } from "../../src/data/images.ts";
import { DataError } from "../../src/data/mod.ts";

const stack = (count: number, height: number, width: number, channels: number) => ({
  pixels: new Uint8Array(count * height * width * channels),
  count,
  height,
  width,
  channels,
});

Deno.test("checkImages() returns grey and colour images as they are", () => {
  for (const images of [stack(2, 8, 256, 1), stack(1, 9, 8, 3)]) {
    assertEquals(checkImages(images, "x"), images as never);
  }
});

Deno.test("checkImages() refuses what no network could take, naming the file", () => {
  const cases: [ReturnType<typeof stack>, string][] = [
    [stack(2, 8, 8, 2), "found 2 channels"],
    [stack(2, 8, 8, 0), "found 0 channels"],
    [stack(0, 28, 28, 1), "zero images"],
    [stack(2, 7, 8, 1), "7x8 pixels, expected 8 to 256"],
    [stack(2, 8, 257, 1), "8x257 pixels"],
  ];
  for (const [images, words] of cases) {
    assertThrows(() => checkImages(images, "a.idx"), DataError, words);
    assertThrows(() => checkImages(images, "a.idx"), DataError, "Cannot read a.idx: ");
  }
});

Deno.test("checkImages() blames the reader when the pixels are not as many as the sizes say", () => {
  const images = { ...stack(2, 8, 8, 1), count: 3 };
  assertThrows(() => checkImages(images, "x"), RangeError, "found 128 values, expected 192");
});
