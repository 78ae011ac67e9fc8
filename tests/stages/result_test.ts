import { assertEquals } from "@std/assert";
import { isEntryResult, isRunResult, toPoint } from "../../src/stages/result.ts";

Deno.test("toPoint() keeps the figures of a curve and nothing else", () => {
  const figures = { epoch: 1, seconds: 2, trainLoss: 3, trainAccuracy: 0.4 };
  assertEquals(toPoint({ ...figures, genotype: "…" } as typeof figures), figures);
  const all = { ...figures, validLoss: 5, validAccuracy: 0.6 };
  assertEquals(toPoint(all), all);
});

Deno.test("isRunResult() and isEntryResult() look at the parts of a result, not at the whole", () => {
  const result = { command: "search", seed: 0, epochs: 1, seconds: 2, genotype: {}, curve: [] };
  assertEquals([isRunResult(result), isEntryResult(result), isEntryResult({ ...result, card: {} })], [
    true,
    false,
    true,
  ]);
  for (
    const broken of [null, 3, {}, { ...result, curve: 1 }, { ...result, genotype: null }, { ...result, seed: "0" }]
  ) {
    assertEquals(isRunResult(broken), false, JSON.stringify(broken));
  }
});
