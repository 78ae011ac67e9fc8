import { assertAlmostEquals, assertEquals } from "@std/assert";
import { sizesOf } from "../../src/spaces/mod.ts";
import { fileURLToPath } from "node:url";
import { listZoo, showZooEntry } from "../../src/zoo/mod.ts";
import { runTransfer, timeless, TINY } from "./_runs.ts";
import { runPretraining, writeSources } from "./_sources.ts";
import { runKilled } from "./_killed.ts";

const SCRIPT = fileURLToPath(new URL("./_pretrain_script.ts", import.meta.url));

const folder = await Deno.makeTempDir();
const { digits, hands } = await writeSources(folder);
const data = `${digits},${hands}`;
const whole = await runPretraining(`${folder}/whole`, { data, entry: { zoo: `${folder}/zoo` } });

Deno.test("pretrain() writes a zoo entry from which a transfer starts", async () => {
  const zoo = `${folder}/few-zoo`;
  const options = { data: digits, entry: { zoo, name: "few" }, search: { epochs: 1 } };
  const { card } = await runPretraining(`${folder}/few`, options);
  assertEquals(card.sources[0]!.name, "few-digits");
  assertEquals((await listZoo(zoo)).cards.map(({ name }) => name), ["few"]);
  assertEquals(sizesOf((await showZooEntry("few", zoo)).space).cells, TINY.sizes.cells);
  const result = await runTransfer(`${folder}/grafted`, { target: digits, source: { name: "few", zoo } });
  assertEquals(result.curve.length, 2);
});

Deno.test("pretrain() on several datasets reports each, and their mean", async () => {
  const { card, curve } = whole;
  assertEquals(card.sources.map(({ name }) => name), ["few-digits", "few-hands"]);
  assertEquals([card.space.classes, card.space.inputChannels, card.space.height], [20, 3, 14]);
  for (const { datasets, validAccuracy, validLoss, trainLoss } of curve) {
    assertEquals(datasets!.map(({ name }) => name), ["few-digits", "few-hands"]);
    const mean = (key: "validAccuracy" | "validLoss" | "trainLoss") => (datasets![0]![key] + datasets![1]![key]) / 2;
    assertAlmostEquals(validAccuracy!, mean("validAccuracy"), 1e-12);
    assertAlmostEquals(validLoss!, mean("validLoss"), 1e-12);
    // Balanced: 26 images of each dataset an epoch.
    assertAlmostEquals(trainLoss, mean("trainLoss"), 1e-9);
  }
  const lines = (await Deno.readTextFile(`${folder}/whole/events.jsonl`)).trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  const epochs = lines.filter(({ type }) => type === "epoch");
  assertEquals(epochs.map(({ datasets }) => datasets), curve.map(({ datasets }) => datasets));
  assertEquals(card.metrics.datasets, curve.at(-1)!.datasets);
});

Deno.test("pretrain() on several datasets gives the same on 1, 2 and 3 threads", async () => {
  for (const threads of [2, 3]) {
    const out = `${folder}/${threads}`;
    const other = await runPretraining(out, { data, entry: { zoo: `${out}-zoo` } }, { threads });
    assertEquals(timeless(other), timeless(whole));
    assertEquals(
      await Deno.readFile(`${out}/supernet.safetensors`),
      await Deno.readFile(`${folder}/whole/supernet.safetensors`),
    );
  }
});

Deno.test("pretrain() on several datasets killed at random moments and resumed ends in the same result", async () => {
  const out = `${folder}/killed`;
  await runKilled(SCRIPT, [out, data, `${out}-zoo`]);
  const result = JSON.parse(await Deno.readTextFile(`${out}/result.json`));
  assertEquals(timeless(result), timeless(whole));
  assertEquals(
    await Deno.readFile(`${out}/supernet.safetensors`),
    await Deno.readFile(`${folder}/whole/supernet.safetensors`),
  );
});

Deno.test("a supernet of several datasets is grafted onto grey and colour targets of other sizes", async () => {
  const zoo = `${folder}/sharing-zoo`;
  const sharing = { sampling: "proportional", imagesPerEpoch: 32, validationImages: 5 } as const;
  const { card } = await runPretraining(`${folder}/sharing`, { data, entry: { zoo }, search: { epochs: 1 }, sharing });
  assertEquals([card.recipe.sampling, card.recipe.imagesPerEpoch, card.recipe.validationImages], [
    "proportional",
    32,
    5,
  ]);
  for (const target of data.split(",")) {
    const out = `${folder}/to-${target.endsWith("hands") ? "hands" : "digits"}`;
    const result = await runTransfer(out, { target, source: { name: "joint", zoo }, search: { epochs: 1 } });
    const { classes, height, inputChannels } = result.space as Record<string, number>;
    assertEquals([classes, height, inputChannels], [10, target.endsWith("hands") ? 12 : 14, 3]);
  }
});

globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
