import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { describeComparison, describeDemo, describeResult, renderRun } from "../../src/cli/results.ts";
import type { RunResult } from "../../src/stages/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { RESULT } from "../report/_comparison_result.ts";

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

Deno.test("describeResult() begins with the verdict, and names accuracy, size and folder", () => {
  const text = describeResult(result, "runs/x");
  assertEquals(text.split("\n")[0], "90.0 % on images it has never seen, in 12 s");
  for (const word of ["90.0 %", "50.0 %", "12,345", "runs/x/report.html"]) assertStringIncludes(text, word);
  assert(!text.includes("worse"));
});

Deno.test("describeResult() says plainly that the derived network is worse, and which flag helps", () => {
  const text = describeResult({ ...result, validAccuracy: 0.98 }, "runs/x");
  assertStringIncludes(text, "The derived network is worse than the supernet was (98.0 %");
  assertStringIncludes(text, "--train-epochs");
});

const scratch = { ...result, curve: [point, { ...point, epoch: 2, validAccuracy: 0.6 }] };
const arms = [{ arm: "transfer", result }, { arm: "scratch", result: scratch }];
const demo = { command: "demo", target: "uci-digits", source: "x", seed: 0, seconds: 3, arms };

Deno.test("describeDemo() begins with the verdict and sets the arms side by side after the same epochs", () => {
  const lines = describeDemo(demo, "runs/d").split("\n");
  assertEquals(lines[0], "90.0 % on images it has never seen, in 12 s");
  const cells = lines.filter((line) => /^(transfer| {4}|scratch)/.test(line)).map((line) => line.trim().split(/ {2,}/));
  assertEquals(cells.map((row) => row.slice(0, 4)), [
    ["after 1 epoch", "after 2 epochs", "test accuracy", "parameters"],
    ["transfer", "50.0 %", "settled", "90.0 %"],
    ["scratch", "50.0 %", "60.0 %", "90.0 %"],
  ]);
});

Deno.test("describeComparison() begins with the verdict and tells every table", () => {
  const text = describeComparison(RESULT);
  assertMatch(text.split("\n")[0]!, /^selected: 85\.0 % on images never seen, 4\.5 points ahead of .* scratch$/);
  for (const words of ["Test accuracy over 2 targets", "Target by target", "Left out"]) {
    assertStringIncludes(text, words);
  }
});

Deno.test("renderRun() renders a page with the result, whatever command it is of", () => {
  const page = renderRun(result, { configuration: { target: "uci-digits" }, folder: "runs/x" });
  for (const word of ["<!doctype html>", "Transfer to uci-digits", "<svg", "--from runs/x"]) {
    assertStringIncludes(page, word);
  }
  assertStringIncludes(renderRun(demo, { configuration: {} }), "Both arms");
  assertStringIncludes(renderRun(RESULT, { configuration: {} }), "Comparison on");
});
