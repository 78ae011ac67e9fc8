import { assert, assertEquals } from "@std/assert";
import { decodeImage, measureImage } from "../../../src/data/mod.ts";
import { Engine } from "../../../src/engine/mod.ts";
import { largestDifference, openCorpus, sha256 } from "./_conformance.ts";

Deno.test("every picture of the corpus has the size and the colours that Pillow reads", async () => {
  const { pictures, file } = await openCorpus();
  assert(pictures.length > 100);
  const engine = await Engine.start({ build: "single", threads: 1 });
  const wrong: string[] = [];
  for (const { name, height, width, tolerance, sha256: hash } of pictures) {
    try {
      const bytes = file(name);
      const measured = measureImage(bytes, name);
      assertEquals([measured.height, measured.width], [height, width]);
      const image = await decodeImage(bytes, name);
      assertEquals([image.height, image.width, image.pixels.length], [height, width, height * width * image.channels]);
      // Preparing to the same size only lays alpha on white.
      const { pixels } = engine.preparePicture(image, { height, width, channels: 3, fit: "crop" });
      if (hash !== undefined) assertEquals(await sha256(pixels), hash);
      else assert(largestDifference(pixels, file(`${name}.rgb`)) <= tolerance, "too far");
    } catch (error) {
      wrong.push(`${name}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
    }
  }
  engine.close();
  assertEquals(wrong, []);
});
