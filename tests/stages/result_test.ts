import { assertEquals } from "@std/assert";
import { TRANSFER } from "../report/_run_result.ts";
import { answersOf } from "../report/_test_report.ts";
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
  const test = JSON.parse(JSON.stringify(answersOf(["a", "b"])));
  const unreadable = { count: 2, pictures: [{ name: "a.jpg", reason: "it is cut" }] };
  assertEquals(isRunResult({ ...result, test: { ...test, loss: null }, unreadable }), true);
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
    { test: {} },
    { test: { ...test, confusion: [[1, 2]] } },
    { test: { ...test, balancedAccuracy: null } },
    { test: { ...test, classes: [] } },
    { test: { ...test, mistakes: [{ image: 0, true: 1, predicted: "b", probability: 1 }] } },
    { test: { ...test, calibration: { error: 0, bins: [{ from: 0, to: 1 }] } } },
    { unreadable: { count: 0, pictures: [] } },
    { unreadable: { count: 1, pictures: ["a.jpg"] } },
  ];
  for (const change of changes) {
    assertEquals(isRunResult({ ...result, ...change }), false, JSON.stringify(change));
  }
  for (const broken of [null, 3, {}, []]) assertEquals(isRunResult(broken), false, JSON.stringify(broken));
  for (const card of [null, 3, {}, { name: 3 }]) assertEquals(isEntryResult({ ...result, card }), false);
});
