import { assertEquals } from "@std/assert";
import { traditionalArm, traditionalHeadArm, traditionalSingleArm } from "../../../src/compare/arms/traditional.ts";
import type { TraditionalOptions } from "../../../src/pipelines/mod.ts";
import { planned } from "./_planned.ts";

Deno.test("traditional arms finetune all weights or the head alone, for as many epochs as a transfer", async () => {
  const found = await Promise.all([traditionalArm, traditionalSingleArm, traditionalHeadArm].map(async (row) => {
    const { command, budgetEpochs, options } = await planned(row, { traditional: { learningRate: 0.05 } });
    const { source, finetuning, training } = options as TraditionalOptions;
    const { headOnly, epochs, learningRate } = finetuning;
    assertEquals([command, budgetEpochs, epochs, learningRate, training.epochs], ["traditional", 5, 5, 0.05, 3]);
    assertEquals("inherit" in training, false);
    return [source.name, headOnly];
  }));
  assertEquals(found, [["auto", false], ["single", false], ["auto", true]]);
});
