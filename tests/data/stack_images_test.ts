import { assertEquals, assertThrows } from "@std/assert";
import { DataError, type DecodedImage, stackImages } from "../../src/data/mod.ts";

function picture(name: string, value: number, channels: DecodedImage["channels"] = 1, height = 2, width = 3) {
  return { name, image: { pixels: new Uint8Array(height * width * channels).fill(value), height, width, channels } };
}

const size = { height: 2, width: 3 };

Deno.test("stackImages() puts pictures one after the other", () => {
  assertEquals(stackImages([picture("a", 1), picture("b", 2)], size), {
    pixels: Uint8Array.of(1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2),
    count: 2,
    height: 2,
    width: 3,
    channels: 1,
  });
  assertEquals(stackImages([picture("a", 1, 3)], size).channels, 3);
});

Deno.test("stackImages() refuses none, and names the picture that does not fit", () => {
  const refuses = (images: ReturnType<typeof picture>[], words: string) =>
    assertThrows(() => stackImages(images, size), DataError, words);
  refuses([], "no picture");
  refuses([picture("a", 1), picture("b", 1, 1, 3, 3)], "Cannot use b: it has 3x3 pixels, expected 2x3");
  refuses([picture("a", 1, 4)], "Cannot use a: it has an alpha channel");
  refuses([picture("a", 1), picture("b", 1, 2)], "Cannot use b: it has an alpha channel");
  refuses([picture("a", 1), picture("b", 1, 3)], "Cannot use b: it has 3 channels, expected 1 as a");
});
