import { assertEquals } from "@std/assert";
import { rowsOf, setsOfSums, strongestOf } from "../../../src/search/methods/rows.ts";

Deno.test("rowsOf() lists the groups of all matrices and what they hold", () => {
  const tensors = [{ name: "a", shape: [1, 2] as const }, { name: "b", shape: [2, 3] as const }];
  assertEquals(rowsOf({ tensors, exists: [true, false, true, true, true, false, true, true] }), [
    { start: 0, end: 2, held: [0], tensor: 0 },
    { start: 2, end: 5, held: [2, 3, 4], tensor: 1 },
    { start: 5, end: 8, held: [6, 7], tensor: 1 },
  ]);
});

Deno.test("setsOfSums() lists the groups of each sum", () => {
  assertEquals(setsOfSums([0, 0, 3, 0, 3]), [[0, 1, 3], [2, 4]]);
});

Deno.test("strongestOf() finds the first of the largest among some", () => {
  assertEquals(strongestOf([9, 1, 5, 5], [1, 2, 3]), 2);
});
