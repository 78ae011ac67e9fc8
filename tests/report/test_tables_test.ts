import { assertEquals } from "@std/assert";
import { tabulateClasses, tabulateConfused, tabulateConfusion } from "../../src/report/mod.ts";

const TEST = {
  classes: [
    { name: "cat", support: 1200, precision: 0.5, recall: 0.25, f1: 1 / 3 },
    { name: "dodo", support: 0, precision: null, recall: null, f1: null },
  ],
  confusion: [[300, 900], [0, 0]],
  confused: [{ true: "cat", predicted: "dodo", count: 900 }],
};

Deno.test("tabulateClasses() has a row a class, with dashes for what cannot be measured", () => {
  assertEquals(tabulateClasses(TEST).slice(1), [
    ["cat", "1,200", "50.0 %", "25.0 %", "33.3 %"],
    ["dodo", "0", "–", "–", "–"],
  ]);
});

Deno.test("tabulateConfusion() has a row a class and a column a class said", () => {
  assertEquals(tabulateConfusion(TEST), [["is \\ said", "cat", "dodo"], ["cat", "300", "900"], ["dodo", "·", "·"]]);
});

Deno.test("tabulateConfused() tells pairs with their share of the class", () => {
  assertEquals(tabulateConfused(TEST), [["is", "said", "images"], ["cat", "dodo", "900 of 1,200"]]);
});
