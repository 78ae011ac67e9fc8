import { assertEquals, assertThrows } from "@std/assert";
import { DataError, type DecodedImage, stackImages } from "../../src/data/mod.ts";
import { Engine } from "../../src/engine/mod.ts";

function picture(name: string, value: number, channels: DecodedImage["channels"] = 1, height = 2, width = 3) {
  return { name, image: { pixels: new Uint8Array(height * width * channels).fill(value), height, width, channels } };
}

const shape = { height: 2, width: 3, channels: 1 } as const;
const engine = await Engine.start({ build: "single", threads: 1 });

Deno.test("stackImages() puts pictures one after the other", () => {
  assertEquals(stackImages(engine, [picture("a", 1), picture("b", 2)], shape), {
    ...shape,
    pixels: Uint8Array.of(1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2),
    count: 2,
  });
});

Deno.test("stackImages() resizes and converts what differs", () => {
  const pictures = [picture("a", 9, 3, 7, 5), picture("b", 8, 1, 1, 1)];
  assertEquals(stackImages(engine, pictures, shape).pixels, Uint8Array.of(9, 9, 9, 9, 9, 9, 8, 8, 8, 8, 8, 8));
  const red = { name: "red", image: { pixels: Uint8Array.of(255, 0, 0), height: 1, width: 1, channels: 3 as const } };
  assertEquals(stackImages(engine, [red], { height: 1, width: 1, channels: 1 }).pixels, Uint8Array.of(76));
  assertEquals(stackImages(engine, [red], { height: 1, width: 1, channels: 3 }).pixels, Uint8Array.of(255, 0, 0));
});

Deno.test("stackImages() refuses none, and names the picture that does not fit", () => {
  const refuses = (images: ReturnType<typeof picture>[], words: string) =>
    assertThrows(() => stackImages(engine, images, shape), DataError, words);
  refuses([], "no picture");
  refuses([picture("a", 1, 4)], "Cannot use a: it has an alpha channel");
  refuses([picture("a", 1), picture("b", 1, 2)], "Cannot use b: it has an alpha channel");
});
