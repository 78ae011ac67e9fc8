import { assertEquals, assertRejects } from "@std/assert";
import { openDataset } from "../../src/data/mod.ts";
import { predict } from "../../src/pipelines/mod.ts";
import { writeDigits } from "./_digits.ts";
import { runSearch, runTraining, TINY } from "./_runs.ts";

const folder = await Deno.makeTempDir();
const data = `${folder}/few-digits`;
await writeDigits(data);
await runSearch(`${folder}/searched`, { data });

Deno.test("train() takes architecture and sizes from a search, with and without its weights", async () => {
  const searched = JSON.parse(await Deno.readTextFile(`${folder}/searched/result.json`));
  for (const inherit of ["weights", "none"] as const) {
    const architecture = { from: `${folder}/searched` };
    const result = await runTraining(`${folder}/${inherit}`, { data, architecture, training: { inherit } });
    assertEquals(result.genotype, searched.genotype);
    assertEquals([result.parameters, result.macs], [searched.parameters, searched.macs]);
    assertEquals(result.curve.length, 1);
  }
});

Deno.test("train() trains a genotype given as text, with auxiliary head, drop-path and cutout", async () => {
  const genotype = await Deno.readTextFile(`${folder}/searched/genotype.json`);
  const result = await runTraining(`${folder}/text`, {
    data,
    architecture: { genotype },
    sizes: TINY.sizes,
    training: { auxiliary: 0.4, dropPath: 0.2, cutout: 8 },
  });
  assertEquals(result.epochs, 1);
});

Deno.test("train() answers by the main head, whatever the weight of the auxiliary one", async () => {
  const { test, classes } = await openDataset(data);
  for (const auxiliary of [1, 2]) {
    const out = `${folder}/auxiliary-${auxiliary}`;
    const result = await runTraining(out, {
      data,
      architecture: { from: `${folder}/searched` },
      training: { inherit: "weights", auxiliary },
    });
    // The auxiliary head is not among the weights that answer here.
    const options = { from: out, pictures: [], data, top: 1, batch: 16, build: "strict" } as const;
    const predictions = await Array.fromAsync(predict(options));
    const right = predictions.filter((found, i) => "class" in found && found.class === classes[test.labels[i]!]).length;
    assertEquals(right / test.count, result.testAccuracy);
  }
});

Deno.test("train() refuses a genotype of another number of nodes", async () => {
  const genotype = await Deno.readTextFile(`${folder}/searched/genotype.json`);
  const options = { data, architecture: { genotype }, sizes: { nodes: 4 } };
  await assertRejects(() => runTraining(`${folder}/nodes`, options), RangeError);
});

globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
