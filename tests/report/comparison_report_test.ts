import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { summarise, summariseTarget } from "../../src/compare/summary.ts";
import { renderComparison } from "../../src/report/mod.ts";
import { RESULT, scratch } from "./_comparison_result.ts";
import { assertGoodPage, textOf } from "./_html.ts";

Deno.test("renderComparison() draws every target with a curve and a band an arm", () => {
  const page = renderComparison(RESULT, { configuration: { epochs: 3 } });
  assertGoodPage(page);
  for (const word of ["<!doctype html>", "hands &#38; feet", "Target by target", "by time"]) {
    assertStringIncludes(page, word);
  }
  // Two targets, two axes; an arm without held-out images has no curve.
  assertEquals(page.split(`<svg class="chart wide"`).length - 1, 4);
  const wide = page.replace(/<svg class="chart narrow".*?<\/figure>/gs, "");
  assertEquals(wide.split(`class="band`).length - 1, 8);
  // Trained networks stand apart from the curves: three arms on two targets, two axes.
  assertEquals(wide.split(`<g class="mark `).length - 1, 12);
});

Deno.test("renderComparison() of one seed draws no bands", () => {
  const one = [summariseTarget("a", [{ arm: "scratch", seeds: [scratch[0]!] }])];
  const result = { ...RESULT, seeds: [0], targets: one, summary: summarise(one) };
  const page = renderComparison(result, { configuration: {} });
  assertGoodPage(page);
  assertEquals(page.includes(`class="band`), false);
  assertEquals(page.includes(`class="leads`), false);
});

Deno.test("renderComparison() draws how far each arm is ahead of scratch, a dot a target", () => {
  const page = renderComparison(RESULT, { configuration: {} });
  const [plot] = page.match(/<svg class="leads wide".*?<\/svg>/s)!;
  assertEquals(plot.match(/class="one"/g)?.length, 4);
  for (const word of [">selected<", ">+4.5<", ">−20.5<"]) assertStringIncludes(plot, word);
  assert(!plot.includes(">scratch<"));
});

Deno.test("renderComparison() names targets, not their folders", () => {
  const targets = RESULT.targets.map((target) => ({ ...target, name: `runs/t/${target.name}/` }));
  const page = renderComparison({ ...RESULT, targets }, { configuration: {} });
  assertGoodPage(page);
  assert(!textOf(page).includes("runs/t"));
});
