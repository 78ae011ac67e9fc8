import { assertEquals, assertRejects } from "@std/assert";
import { decodePicture, preparePictures } from "../../src/embed/picture.ts";
import { Engine } from "../../src/engine/mod.ts";
import { drawWaves } from "./_pictures.ts";

Deno.test("decodePicture() takes pixels as they are, whatever holds them", async () => {
  const { data, width, height } = drawWaves(5, 4);
  const inside = new Uint8ClampedArray([9, ...data, 9]).subarray(1, data.length + 1);
  const decoded = { pixels: data as Uint8Array, width, height, channels: 4 as const };
  assertEquals(await decodePicture({ data, width, height }, undefined), decoded);
  assertEquals(await decodePicture({ data: inside, width, height }, undefined), decoded);
});

Deno.test("decodePicture() hands the bytes of encoded pictures to the decoder", async () => {
  const file = Uint8Array.of(1, 2, 3);
  for (const given of [file, file.buffer, new Blob([file])]) {
    const decode = (bytes: Uint8Array) => {
      assertEquals(bytes, file);
      return drawWaves(5, 4);
    };
    assertEquals((await decodePicture(given, decode)).width, 5);
  }
});

Deno.test("decodePicture() says what is wrong with a picture", async () => {
  await assertRejects(
    () => decodePicture(Uint8Array.of(1), undefined),
    TypeError,
    "expected pixels or the option decode",
  );
  const { data } = drawWaves(5, 4);
  for (const [width, height] of [[4, 4], [-5, -4], [2.5, 8], [20, NaN]] as [number, number][]) {
    await assertRejects(() => decodePicture({ data, width, height }, undefined), RangeError, "found 80 bytes for");
  }
});

Deno.test("preparePictures() gives one image after the other", async () => {
  const engine = await Engine.start({ threads: 1 });
  const shape = { height: 8, width: 8, channels: 1, fit: "pad" } as const;
  const [wide, tall] = [drawWaves(20, 10), drawWaves(10, 20, 1)];
  const options = { engine, shape, decode: undefined };
  const both = await preparePictures([wide, tall], options);
  assertEquals(both.length, 2 * 64);
  assertEquals(both.subarray(64), await preparePictures([tall], options));
  // White above and below what is wider than high.
  assertEquals([both[0], both[63]], [255, 255]);
  engine.close();
});
