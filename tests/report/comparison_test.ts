import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { CompareResult } from "../../src/compare/mod.ts";
import { renderComparison, tabulateComparison } from "../../src/report/mod.ts";
import { summarise, summariseTarget } from "../../src/compare/summary.ts";
import { armRun } from "../pipelines/_comparison.ts";

const scratch = [0, 1].map((seed) => armRun(seed, [0.4, 0.6, 0.8], { best: 0.8, testAccuracy: 0.8 + seed / 100 }));
const selected = [0, 1].map((seed) =>
  armRun(seed, seed === 0 ? [0.7, 0.8] : [0.7], { best: 0.8, testAccuracy: 0.85, source: "near", budgetEpochs: 3 })
);
const floor = [0, 1].map((seed) => armRun(seed, [], { best: 0.8, testAccuracy: 0.6, budgetEpochs: 0 }));
const targets = ["hands & feet", "digits"].map((name) =>
  summariseTarget(name, [
    { arm: "scratch", seeds: scratch },
    { arm: "selected", seeds: selected },
    { arm: "random-genotype", seeds: floor },
  ])
);
const RESULT: CompareResult = {
  command: "compare",
  seeds: [0, 1],
  seconds: 100,
  leftOut: [{ arm: "multi", reason: "no such entry" }],
  overlaps: [],
  targets,
  summary: summarise(targets),
};

Deno.test("tabulateComparison() sets out accuracy, speed and every target, and marks bounds as such", () => {
  const [accuracy, speed, byTarget, leftOut] = tabulateComparison(RESULT);
  const row = (table: { rows: readonly (readonly string[])[] } | undefined, arm: string) =>
    table!.rows.find((cells) => cells.includes(arm))!;
  assertEquals(row(accuracy, "scratch").slice(1, 5), ["80.5 ± 0.0 %", "", "", ""]);
  assertEquals(row(accuracy, "selected").slice(1, 6), ["85.0 ± 0.0 %", "+4.5 ± 0.3", "4:0", "0.125", "0.500"]);
  assertEquals(row(accuracy, "random-genotype")[2], "−20.5 ± 0.3");
  const fast = row(speed, "selected");
  // To 90 %: 3 epochs against 2, and against more than 3.
  assertEquals([fast[1], fast.at(-1)], ["< 1.22 ×", "2/2/2/2 of 4"]);
  assertEquals(row(speed, "random-genotype").slice(1, 3), ["", ""]);
  const target = row(byTarget, "selected");
  assertEquals(
    target.slice(0, 8),
    ["hands & feet", "selected", "near", "75.0 %", "85.0 %", "+4.5 ± 0.5", "> 2.5", "> 2.5"].map(
      (cell) => cell === "85.0 %" ? "85.0 ± 0.0 %" : cell,
    ),
  );
  assertEquals(row(byTarget, "random-genotype").slice(6, 8), ["not measured", "not measured"]);
  assertEquals(leftOut!.rows[1], ["multi", "no such entry"]);
});

Deno.test("tabulateComparison() measures no levels without a search from scratch", () => {
  const alone = [summariseTarget("digits", [{ arm: "multi", seeds: [armRun(0, [0.4, 0.6])] }])];
  const tables = tabulateComparison({ ...RESULT, leftOut: [], targets: alone, summary: summarise(alone) });
  assertEquals(tables.at(-1)!.rows[1]!.slice(6, 12), new Array(6).fill("not measured"));
});

Deno.test("tabulateComparison() sets distances, as they are and within the target's scale, beside the lead over scratch", () => {
  const pair = { target: "digits", source: "near", distance: 12.345, relativeDistance: 0.5, benefit: -0.012 };
  const distance = { pairs: [pair], overPairs: -0.5, withinTargets: null };
  const table = tabulateComparison({ ...RESULT, distance }).find(({ title }) => title.startsWith("Distance"))!;
  assertStringIncludes(table.title, "Spearman −0.50 over all pairs, none within targets");
  assertEquals(table.rows[1], ["digits", "near", "12.35", "0.500", "−1.2"]);
});

Deno.test("renderComparison() draws every target with a curve and a band an arm", () => {
  const page = renderComparison(RESULT, { epochs: 3 });
  for (const word of ["<!doctype html>", "hands &#38; feet", "Target by target", "by seconds"]) {
    assertStringIncludes(page, word);
  }
  // Two targets, two axes; an arm without held-out images has no curve.
  assertEquals(page.split(`<svg class="chart"`).length - 1, 4);
  assertEquals(page.split(`class="band`).length - 1, 8);
  assert(!/NaN|undefined/.test(page));
});

Deno.test("renderComparison() of one seed draws no bands", () => {
  const one = [summariseTarget("a", [{ arm: "scratch", seeds: [scratch[0]!] }])];
  const page = renderComparison({ ...RESULT, seeds: [0], targets: one, summary: summarise(one) }, {});
  assertEquals(page.includes(`class="band`), false);
});
