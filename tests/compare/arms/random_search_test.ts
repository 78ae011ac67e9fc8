import { assertEquals } from "@std/assert";
import { randomSearchArm } from "../../../src/compare/arms/random_search.ts";
import type { RandomSearchOptions } from "../../../src/pipelines/mod.ts";
import { planned } from "./_planned.ts";

Deno.test("random-search has the seconds of the longest search, an entry's sizes, and scratch's schedule", async () => {
  const { command, budgetEpochs, options } = await planned(randomSearchArm, {
    scratch: { epochs: 9, learningRate: 0.2 },
  });
  const { sizes, search, searchSeconds, training, seed } = options as RandomSearchOptions;
  assertEquals([command, budgetEpochs, searchSeconds, training.epochs, seed], ["random-search", 0, 60, 3, 3]);
  assertEquals([search.epochs, search.learningRate], [9, 0.2]);
  assertEquals(sizes, { space: "darts", channels: 4, cells: 3, nodes: 4 });
});
