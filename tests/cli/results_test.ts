import { assertEquals, assertStringIncludes } from "@std/assert";
import { describeResult, renderRun, tabulateArms } from "../../src/cli/results.ts";
import type { RunResult } from "../../src/stages/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";

const point = { epoch: 1, seconds: 2, trainLoss: 1.5, trainAccuracy: 0.4, validLoss: 1.4, validAccuracy: 0.5 };
const result: RunResult = {
  command: "transfer",
  data: "uci-digits",
  seed: 0,
  build: "strict",
  mode: "default",
  threads: 2,
  epochs: 2,
  seconds: 12.34,
  testAccuracy: 0.9,
  validAccuracy: 0.5,
  genotype: randomGenotype(1),
  parameters: 12345,
  macs: 678,
  curve: [point],
  trainCurve: [{ epoch: 1, seconds: 4, trainLoss: 1, trainAccuracy: 0.7 }],
};

Deno.test("describeResult() names accuracy, size and folder", () => {
  const text = describeResult(result, "runs/x");
  for (const word of ["90.0 %", "50.0 %", "12,345", "runs/x"]) assertStringIncludes(text, word);
});

Deno.test("tabulateArms() sets the arms side by side after the same epochs", () => {
  const scratch = { ...result, curve: [point, { ...point, epoch: 2, validAccuracy: 0.6 }] };
  const arms = [{ arm: "transfer", result }, { arm: "scratch", result: scratch }];
  const demo = { command: "demo", target: "uci-digits", source: "x", seed: 0, seconds: 3, arms };
  assertEquals(tabulateArms(demo).map((row) => row.slice(0, 4)), [
    ["", "after 1 epoch", "after 2 epochs", "test accuracy"],
    ["transfer", "50.0 %", "settled", "90.0 %"],
    ["scratch", "50.0 %", "60.0 %", "90.0 %"],
  ]);
  assertStringIncludes(renderRun(demo, {}), "Both arms");
});

Deno.test("renderRun() renders a page with the result", () => {
  const page = renderRun(result, { target: "uci-digits" });
  for (const word of ["<!doctype html>", "Transfer to uci-digits", "<svg"]) assertStringIncludes(page, word);
});
