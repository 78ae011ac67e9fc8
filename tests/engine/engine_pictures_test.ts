import { assert, assertEquals, assertThrows } from "@std/assert";
import { BUILDS, Engine } from "../../src/engine/mod.ts";
import { formulaPicture, largestDifference, openCorpus } from "../data/decoders/_conformance.ts";

Deno.test("preparePicture() crops, pads, resizes and greys as Pillow does, in every build", async () => {
  const { resized, file } = await openCorpus();
  assert(resized.length > 30);
  for (const build of BUILDS) {
    const engine = await Engine.start({ build, threads: 1 });
    const found = resized.map(({ from, to: [height, width, channels], fit, name }) => {
      const { pixels } = engine.preparePicture(formulaPicture(...from), { height, width, channels, fit });
      return { name, difference: largestDifference(pixels, file(name)) };
    });
    engine.close();
    assertEquals(found.filter(({ difference }) => difference > 0), []);
  }
});

Deno.test("preparePicture() tells grey, and refuses sizes that do not fit", async () => {
  const engine = await Engine.start({ build: "single", threads: 1 });
  const shape = { height: 2, width: 2, channels: 3, fit: "crop" } as const;
  assertEquals(engine.preparePicture(formulaPicture(4, 4, 1), shape).isGrey, true);
  assertEquals(engine.preparePicture(formulaPicture(4, 4, 3), shape).isGrey, false);
  const short = { ...formulaPicture(4, 4, 3), height: 5 };
  assertThrows(() => engine.preparePicture(short, shape), Error, "Cannot prepare a picture of 5x4x3 and 48 bytes");
  assertThrows(
    () => engine.preparePicture(formulaPicture(4, 4, 3), { ...shape, width: 2000 }),
    Error,
    "Cannot prepare a picture of 2x2000x3",
  );
  engine.close();
});
