import { assertEquals } from "@std/assert";
import {
  fromEntryArm,
  multiArm,
  randomArm,
  selectedArm,
  selectedSingleArm,
} from "../../../src/compare/arms/transfer.ts";
import type { TransferOptions } from "../../../src/pipelines/mod.ts";
import { planned } from "./_planned.ts";

Deno.test("transfer arms are transfers with the comparison's options, each from its own source", async () => {
  const { command, budgetEpochs, options } = await planned(selectedArm, { zoo: "z" });
  assertEquals([command, budgetEpochs], ["transfer", 5]);
  const { target, seed, source, search, training, ...others } = options as TransferOptions;
  assertEquals([target, seed, source], ["t", 3, { name: "auto", zoo: "z", prior: "both", priorStrength: 1 }]);
  assertEquals([search.epochs, search.learningRate, search.alphaEvery, training.epochs], [5, 0.025, 2, 3]);
  // Nothing of the comparison's own reaches the transfer.
  assertEquals(Object.keys(others), ["images", "sizes", "budget"]);
  const rows = [selectedArm, selectedSingleArm, multiArm, randomArm, fromEntryArm];
  assertEquals(rows.map(({ source }) => source), ["auto", "single", "multi", "random", undefined]);
});

Deno.test("transfer arms keep to the limit that the user or the source sets", async () => {
  for (const maxParameters of [7, "source"] as const) {
    const { options } = await planned(selectedArm, { transfer: { budget: { maxParameters } } });
    assertEquals((options as TransferOptions).budget, { maxParameters });
  }
});
