import { assertEquals } from "@std/assert";
import { cellsOfNasBench201, labelsOfNasBench201 } from "../../../src/spaces/nasbench201/cells.ts";
import { EVERY } from "./_space.ts";

Deno.test("cellsOfNasBench201() describes every operation but none, in the words of alpha's labels", () => {
  const [cell] = cellsOfNasBench201(EVERY);
  const names = cell!.states.map(({ name }) => name);
  assertEquals(names, ["previous cell", "node 1", "node 2", "output"]);
  assertEquals(cell!.edges, [
    { from: 0, to: 1, label: "conv 3×3" },
    { from: 0, to: 2, label: "conv 1×1" },
    { from: 1, to: 2, label: "average pool 3×3" },
    { from: 0, to: 3, label: "skip" },
    { from: 2, to: 3, label: "conv 3×3" },
  ]);
  const { title, groups, candidates } = labelsOfNasBench201();
  assertEquals([title, groups.length, candidates.length], [cell!.name, 6, 5]);
  for (const { from, to, label } of cell!.edges) {
    assertEquals([groups.includes(`${names[from]} to ${names[to]}`), candidates.includes(label!)], [true, true]);
  }
});
