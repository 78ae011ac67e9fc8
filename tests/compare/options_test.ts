import { assertEquals } from "@std/assert";
import { COMPARE_DEFAULTS } from "../../src/compare/options.ts";
import { TRADITIONAL_DEFAULTS, TRANSFER_DEFAULTS } from "../../src/pipelines/mod.ts";

Deno.test("COMPARE_DEFAULTS are those of a transfer and of a traditional one; scratch has its own best", () => {
  const { transfer, traditional, scratch } = COMPARE_DEFAULTS;
  const { search, training, budget } = TRANSFER_DEFAULTS;
  assertEquals([transfer.search, transfer.training, transfer.budget], [search, training, budget]);
  assertEquals(traditional.learningRate, TRADITIONAL_DEFAULTS.finetuning.learningRate);
  assertEquals(scratch, { learningRate: 0.1, head: "refitted", inherit: "none" });
});
