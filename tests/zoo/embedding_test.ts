import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { embeddingFile, openEmbedder } from "../../src/zoo/mod.ts";
import { EMBEDDING_DIGEST, EMBEDDING_SIDE } from "../../src/zoo/embedding.ts";
import { sha256 } from "../../src/formats/sha256.ts";
import { withEngine } from "../engine/_tiny.ts";

const PICTURE = EMBEDDING_SIDE ** 2 * 3;

/** Pictures of slanted stripes, each of another slant. */
function slants(images: number, shade = 0): Uint8Array {
  return Uint8Array.from({ length: images * PICTURE }, (_, at) => {
    const [image, place] = [Math.floor(at / PICTURE), at % PICTURE];
    const [row, column] = [Math.floor(place / 3 / EMBEDDING_SIDE), Math.floor(place / 3) % EMBEDDING_SIDE];
    return shade + 50 * (Math.floor((row * image + column * (place % 3)) / 5) % 3);
  });
}

Deno.test("the embedding network's file is the one that signatures name", async () => {
  assertEquals(await sha256(await Deno.readFile(embeddingFile())), EMBEDDING_DIGEST);
});

Deno.test("openEmbedder() gives rows of length 1, whatever the batch, the brightness and the contrast", () =>
  withEngine(async (engine) => {
    const stores = engine.imageStores().size;
    using embedder = await openEmbedder(engine);
    const found = embedder.embed(slants(60));
    const size = found.length / 60;
    assertEquals(size, 128);
    for (let row = 0; row < 60; row++) {
      const length = found.subarray(row * size, (row + 1) * size).reduce((sum, value) => sum + value * value, 0);
      assertAlmostEquals(length, 1, 1e-5);
    }
    assertEquals(
      new Set(found.filter((_, at) => at % size === 7)).size,
      15,
      "a pattern comes again with the 16th picture",
    );
    const brighter = embedder.embed(slants(60, 100));
    found.forEach((value, at) => assertAlmostEquals(brighter[at]!, value, 1e-4));
    // The 51st begins another batch.
    const repeated = new Uint8Array(51 * PICTURE);
    for (let image = 0; image < 51; image++) repeated.set(slants(2).subarray(PICTURE), image * PICTURE);
    const same = embedder.embed(repeated);
    assertEquals(same.slice(50 * size), same.slice(0, size));
    assert(embedder.embed(new Uint8Array(2 * PICTURE).fill(9)).every(Number.isFinite), "pictures of one shade");
    assertEquals(engine.imageStores().size, stores);
  }));
