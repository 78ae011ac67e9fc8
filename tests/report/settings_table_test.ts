import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderSettings, toText, toWords } from "../../src/report/settings_table.ts";
import { textOf } from "./_html.ts";

Deno.test("renderSettings() makes a table a group, of whatever depth, with units and without JSON", () => {
  const html = renderSettings({
    seed: 123456,
    search: { epochs: 2, learningRate: 0.025, alpha: { learningRate: 0.01, every: 2 }, weightShare: 0.5 },
    training: { cutout: 8, batch: 32, budgetSeconds: 1200 },
    arms: ["a", "b"],
    ranking: [{ name: "broad", distance: 91.2345 }, { name: "cifar10", distance: 101 }],
    layers: [[1, 2], [3]],
    missing: undefined,
  });
  for (
    const row of [
      `<th scope="row">seed</th><td class="short">123456</td>`,
      `<th scope="row">epochs</th><td class="short">2 epochs</td>`,
      `<th scope="row">every</th><td class="short">2 steps</td>`,
      `<th scope="row">weight share</th><td class="short">50 %</td>`,
      `<th scope="row">cutout</th><td class="short">8 pixels</td>`,
      `<th scope="row">batch</th><td class="short">32 images</td>`,
      `<th scope="row">budget seconds</th><td class="short">1,200 s</td>`,
      `<th scope="row">arms</th><td>a, b</td>`,
      `<th scope="row">layers</th><td class="short">2 entries</td>`,
    ]
  ) assertStringIncludes(html, row);
  for (const title of ["General", "Search", "Search, alpha", "Training", "Ranking"]) {
    assertStringIncludes(html, `<h3>${title}</h3>`);
  }
  assert(!/[{}]|missing/.test(textOf(html)));
  assertStringIncludes(textOf(html), "broad 91.23 cifar10 101");
});

Deno.test("renderSettings() of one group needs no heading, and of none nothing", () => {
  assert(!renderSettings({ a: 1 }).includes("<h3>"));
  assertEquals([renderSettings({}), renderSettings({ a: {} })], ["", ""]);
});

Deno.test("toText() words values of every kind", () => {
  assertEquals(toText("a", true), "yes");
  assertEquals(toText("a", null), "none");
  assertEquals(toText("a", []), "none");
  assertEquals(toText("a", `{"x": 1}`), `"x": 1`);
  assertEquals(toText("testAccuracy", 0.91234), "91.23 %");
  assertEquals(toText("epochs", 1), "1 epoch");
  assertEquals(toText("learningRate", 1e-9), "0.000000001");
  assertEquals(toText("a", { b: 1 }), "1 values");
});

Deno.test("toWords() reads names in every style", () => {
  assertEquals(["learningRate", "wait", "max-parameters"].map(toWords), ["learning rate", "wait", "max parameters"]);
});
