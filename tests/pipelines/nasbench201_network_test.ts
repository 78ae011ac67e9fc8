import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { openDataset } from "../../src/data/mod.ts";
import { load } from "../../src/embed/mod.ts";
import { exportModel, predict, pretrain, PRETRAIN_DEFAULTS, type PretrainOptions } from "../../src/pipelines/mod.ts";
import { mergeSettings } from "../../src/run/mod.ts";
import { openEntryNetwork } from "../../src/zoo/entry_network.ts";
import { inDigits } from "./_folder.ts";
import { runDerivation, runTraditional } from "./_zoo.ts";
import { startSession } from "../stages/_session.ts";

/** Pretrains a small supernet of NAS-Bench-201 and adds it to a zoo as `cells`. */
async function pretrainCells(out: string, data: string, zoo: string): Promise<void> {
  const own: PretrainOptions = { ...PRETRAIN_DEFAULTS, data, entry: { zoo, name: "cells" } };
  const sizes = { space: "nasbench201", channels: 8, cellsPerStage: 1 };
  const configuration = mergeSettings(own, { sizes, search: { epochs: 1, batch: 16 } });
  await using session = await startSession("pretrain", out, { configuration });
  await pretrain(session, configuration);
}

Deno.test("a network of NAS-Bench-201 is derived for the zoo, predicts, is embedded, exported and finetuned", () =>
  inDigits(async (folder, data) => {
    const zoo = `${folder}/zoo`;
    await pretrainCells(`${folder}/pretrained`, data, zoo);
    const derived = await runDerivation(`${folder}/derived`, { entry: { name: "cells", zoo }, data });
    const { space, genotype } = await openEntryNetwork("cells", zoo);
    assertEquals([space.name, genotype], ["nasbench201", derived.genotype]);

    const options = { from: `${folder}/derived`, pictures: [], data, top: 10, batch: 16, build: "strict" } as const;
    const said = (await Array.fromAsync(predict(options))).map((answer) => {
      assert("top" in answer);
      return answer;
    });
    const { test, classes, height, width } = await openDataset(data);
    const right = said.filter(({ class: label }, i) => label === classes[test.labels[i]!]).length;
    assertEquals(right / test.count, derived.testAccuracy);

    // The file of the zoo, read without any of the command line.
    const model = await load(await Deno.readFile(`${zoo}/cells/network.safetensors`));
    const pictures = Array.from({ length: 4 }, (_, i) => {
      const grey = test.pixels.read(i * height * width, (i + 1) * height * width);
      const rgba = Uint8ClampedArray.from({ length: 4 * grey.length }, (_, at) => at % 4 === 3 ? 255 : grey[at >> 2]!);
      return { data: rgba, width, height };
    });
    for (const [i, answers] of (await model.predictBatch(pictures, { top: 10 })).entries()) {
      answers.forEach(({ label, probability }, k) => {
        assertEquals(label, said[i]!.top[k]!.class);
        assertAlmostEquals(probability, said[i]!.top[k]!.probability, 1e-5);
      });
    }
    model.free();

    const from = `${folder}/derived`;
    const { file } = await exportModel({ from, format: "dot" });
    const graph = await Deno.readTextFile(file);
    const { operations } = genotype as { operations: string[] };
    assertEquals(graph.match(/ -> /g)?.length, operations.filter((operation) => operation !== "none").length);
    const head = await runTraditional(`${folder}/finetuned`, { target: data, source: { name: "cells", zoo } });
    assertEquals([head.genotype, head.parameters], [derived.genotype, derived.parameters]);
  }));
