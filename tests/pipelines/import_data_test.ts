import { assertEquals, assertRejects } from "@std/assert";
import { DataError } from "../../src/data/mod.ts";
import { releaseContents } from "../../src/data/import/cache/in_use.ts";
import { evaluate, importData } from "../../src/pipelines/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import type { PipelineEvent } from "../../src/stages/mod.ts";
import { readModel } from "../../src/zoo/mod.ts";
import { withFolder } from "../data/_folder.ts";
import { writePhotos } from "../data/import/_photos.ts";
import { runTraining, TINY } from "./_runs.ts";

Deno.test("importData() describes what it has decoded, or found", async () => {
  await withFolder(async (folder) => {
    const [photos, cache] = [`${folder}/photos`, `${folder}/cache`];
    writePhotos(photos);
    const { seconds: _, imagesPerSecond, fingerprint, ...first } = await importData(photos, { cache });
    const sizes = { height: 32, width: 32, channels: 3, train: 16, validation: 0, test: 4 };
    const rest = { data: photos, classes: ["cat", "dog"], ...sizes, unreadable: [] };
    assertEquals(first, { command: "data import", ...rest, isDecoded: true });
    assertEquals(imagesPerSecond! > 0, true);
    const again = await importData(photos, { cache });
    assertEquals([again.isDecoded, again.imagesPerSecond, again.fingerprint], [false, undefined, fingerprint]);
    await assertRejects(() => importData(`${folder}/absent`, { cache }), DataError, "absent");
    releaseContents();
  });
});

Deno.test("a network trained on photos is tested on the same images, decoded once", async () => {
  await withFolder(async (folder) => {
    const [photos, cache, out] = [`${folder}/photos`, `${folder}/cache`, `${folder}/run`];
    writePhotos(photos);
    const events: PipelineEvent[] = [];
    const result = await runTraining(out, {
      data: photos,
      images: { side: 16, fit: "pad", testPortion: 0.4, splitSeed: 3 },
      architecture: { genotype: JSON.stringify(randomGenotype(1, 2)) },
      sizes: TINY.sizes,
    }, { cache, onEvent: (event) => events.push(event) });
    const imports = events.filter(({ type }) => type === "import");
    assertEquals(imports.at(-1), { type: "import", name: photos, phase: "decode", done: 20, total: 20 });
    const { images, space } = await readModel(out);
    assertEquals(images, { side: 16, channels: undefined, fit: "pad", testPortion: 0.4, splitSeed: 3 });
    assertEquals([space.height, space.inputChannels], [16, 3]);
    let decoded = 0;
    const listener = { onProgress: () => decoded++ };
    const tested = await evaluate({ from: out, batch: 8, cache, listener, build: "strict", threads: 1 });
    assertEquals([tested.count, tested.testAccuracy, tested.testLoss], [8, result.testAccuracy, result.testLoss]);
    assertEquals(decoded, 0);
    releaseContents();
  });
});
