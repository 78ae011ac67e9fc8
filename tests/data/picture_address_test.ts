import { assert, assertEquals } from "@std/assert";
import { decodeImage, pictureAddress } from "../../src/data/mod.ts";

Deno.test("pictureAddress() holds the picture, of a view too", async () => {
  for (const channels of [1, 3] as const) {
    const whole = Uint8Array.from({ length: 7 + 4 * 5 * channels }, (_, i) => 11 * i);
    const address = await pictureAddress({ pixels: whole.subarray(7), height: 4, width: 5, channels });
    assert(address.startsWith("data:image/png;base64,"));
    const image = await decodeImage(Uint8Array.fromBase64(address.split(",")[1]!), "picture.png");
    assertEquals([image.height, image.width], [4, 5]);
    // Decoders may give a grey picture in colour, and an opacity that nobody wrote.
    const value = (pixel: number, c: number) => image.pixels[pixel * image.channels + (image.channels < 3 ? 0 : c)];
    const found = Array.from({ length: 20 * channels }, (_, i) => value(Math.floor(i / channels), i % channels));
    assertEquals(found, [...whole.slice(7)]);
  }
});
