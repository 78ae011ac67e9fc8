import { assertEquals } from "@std/assert";
import { tabulatePareto } from "../../src/report/mod.ts";
import { PARETO } from "./_pareto_result.ts";

Deno.test("tabulatePareto() has a row a network with its place, and other runs after them", () => {
  const rows = tabulatePareto(PARETO);
  assertEquals(rows.map((row) => [row[0], row.at(-1)]), [
    ["network", "place"],
    ["1", "front"],
    ["2", "front"],
    ["3", "knee"],
    ["4", ""],
    ["5", "front"],
    ["traditional-net", "traditional"],
  ]);
  assertEquals(rows[3], ["3", "30,200", "4,530,000", "0.755 ms", "68.0 %", "74.5 %", "knee"]);
  assertEquals(new Set(rows.map(({ length }) => length)).size, 1);
});

Deno.test("tabulatePareto() has no column of test images where nothing was trained", () => {
  const points = PARETO.points.map((point) => ({ ...point, testAccuracy: undefined }));
  const rows = tabulatePareto({ ...PARETO, points, also: [] });
  assertEquals(rows[0], ["network", "parameters", "multiply-adds", "an image", "held-out images", "place"]);
  assertEquals(rows.length, 6);
});
