import { assertEquals } from "@std/assert";
import { evolutionArm, scratchArm, scratchMethodArms } from "../../../src/compare/arms/scratch.ts";
import type { TransferOptions } from "../../../src/pipelines/mod.ts";
import { planned } from "./_planned.ts";

Deno.test("scratch takes an entry's sizes and nothing else of it, and has its own schedule", async () => {
  const { command, budgetEpochs, options } = await planned(scratchArm, { scratch: { epochs: 9, learningRate: 0.1 } });
  assertEquals([command, budgetEpochs], ["transfer", 9]);
  const { source, search, training } = options as TransferOptions;
  assertEquals([source.name, source.prior], ["body", "none"]);
  assertEquals([search.head, search.epochs, search.learningRate, search.alphaEvery], ["refitted", 9, 0.1, 2]);
  assertEquals(training.epochs, 3);
  assertEquals((await planned(scratchArm)).budgetEpochs, 5);
});

Deno.test("scratch chooses how its derived network starts and how fast alpha learns; transfers keep theirs", async () => {
  const all = { transfer: { search: { alphaLearningRate: 0.02 }, training: { inherit: "weights" } } } as const;
  const [theirs, own, plain] = (await Promise.all([
    planned(scratchArm, all),
    planned(scratchArm, { ...all, scratch: { alphaLearningRate: 0.03, inherit: "weights" } }),
    planned(scratchArm),
  ])).map(({ options }) => options as TransferOptions);
  const choices = ({ search, training }: TransferOptions) => [search.alphaLearningRate, training.inherit];
  assertEquals([theirs!, own!, plain!].map(choices), [[0.02, "none"], [0.03, "weights"], [undefined, "none"]]);
});

Deno.test("scratch has no source whose size could be its limit", async () => {
  const limits = await Promise.all(([7, "source"] as const).map(async (maxParameters) => {
    const { options } = await planned(scratchArm, { transfer: { budget: { maxParameters } } });
    return (options as TransferOptions).budget.maxParameters;
  }));
  assertEquals(limits, [7, undefined]);
});

Deno.test("scratch-METHOD is scratch by that method, for each but those that are opponents of their own", async () => {
  const names = scratchMethodArms.map(({ name }) => name);
  assertEquals(names.slice(0, 3), ["scratch-darts", "scratch-beta-darts", "scratch-is-darts"]);
  assertEquals(names.filter((name) => /evolution|random/.test(name)), []);
  for (const row of scratchMethodArms) {
    const [own, plain] = (await Promise.all([planned(row), planned(scratchArm)])).map(({ options }) =>
      options as TransferOptions
    );
    assertEquals(own!.search, { ...plain!.search, method: row.name.slice("scratch-".length) });
    assertEquals({ ...own, search: plain!.search }, plain);
    assertEquals([row.isOptional, row.startsFrom], [true, "nothing"]);
  }
});

Deno.test("evolution has the seconds of the longest search, and more epochs than fit into them", async () => {
  const { options, budgetEpochs } = await planned(evolutionArm);
  const { search, budget, source } = options as TransferOptions;
  assertEquals([search.method, search.epochs, search.patience, budgetEpochs], ["evolution", 40, 0, 40]);
  assertEquals([budget.searchSeconds, source.prior], [60, "none"]);
});
