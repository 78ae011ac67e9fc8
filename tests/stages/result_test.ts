import { assertEquals } from "@std/assert";
import { TRANSFER } from "../report/_run_result.ts";
import { isEntryResult, isRunResult, toPoint } from "../../src/stages/result.ts";

Deno.test("toPoint() keeps the figures of a curve and nothing else", () => {
  const figures = { epoch: 1, seconds: 2, trainLoss: 3, trainAccuracy: 0.4 };
  assertEquals(toPoint({ ...figures, genotype: "…" } as typeof figures), figures);
  const all = { ...figures, validLoss: 5, validAccuracy: 0.6 };
  assertEquals(toPoint(all), all);
});

Deno.test("isRunResult() and isEntryResult() look at the parts of a result, not at the whole", () => {
  const result = TRANSFER;
  const card = { name: "mine" };
  assertEquals([isRunResult(result), isEntryResult(result), isEntryResult({ ...result, card })], [true, false, true]);
  const [point] = result.curve;
  const changes: Record<string, unknown>[] = [
    { curve: 1 },
    { curve: [{ ...point, trainLoss: "0.1" }] },
    { curve: [null] },
    { trainCurve: [{ ...point, epoch: -1 }] },
    { genotype: null },
    { genotype: { normal: [] } },
    { seed: "0" },
    { seconds: 1e400 },
    { epochs: null },
    { parameters: -1 },
    { macs: 0.5 },
    { testAccuracy: 7 },
    { start: {} },
    { data: ["a"] },
    { sourceRanking: [{ name: "a" }] },
    { timeLimit: { seconds: 1, isCut: true } },
    { space: "darts" },
    { space: { name: "nothing" } },
  ];
  for (const change of changes) {
    assertEquals(isRunResult({ ...result, ...change }), false, JSON.stringify(change));
  }
  for (const broken of [null, 3, {}, []]) assertEquals(isRunResult(broken), false, JSON.stringify(broken));
  for (const card of [null, 3, {}, { name: 3 }]) assertEquals(isEntryResult({ ...result, card }), false);
});
