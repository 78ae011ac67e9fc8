import { assertEquals, assertStringIncludes } from "@std/assert";
import { summarise, summariseTarget } from "../../src/compare/summary.ts";
import { tabulateComparison } from "../../src/report/mod.ts";
import { armRun } from "../pipelines/_comparison.ts";
import { RESULT } from "./_comparison_result.ts";

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
    target.slice(0, 9),
    ["hands & feet", "selected", "near", "75.0 %", "85.0 %", "+4.5 ± 0.5", "+25.0", "> 2.5", "> 2.5"].map(
      (cell) => cell === "85.0 %" ? "85.0 ± 0.0 %" : cell,
    ),
  );
  assertEquals(row(byTarget, "random-genotype").slice(6, 9), ["", "not measured", "not measured"]);
  // The floor is beside every arm, and is not measured by itself.
  const over = accuracy!.rows[0]!.indexOf("over the floor");
  assertEquals(["scratch", "selected", "random-genotype"].map((arm) => row(accuracy, arm)[over]), [
    "+20.5 ± 0.3",
    "+25.0 ± 0.0",
    "",
  ]);
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
