import { assertEquals } from "@std/assert";
import { cellsOfDarts, labelsOfDarts } from "../../../src/spaces/darts/cells.ts";

Deno.test("cellsOfDarts() describes every operation but none, and what makes up the output", () => {
  const [normal, reduce] = cellsOfDarts({
    normal: [["sep_conv_3x3", 0], ["skip_connect", 1], ["max_pool_3x3", 2], ["none", 0]],
    normal_concat: [2, 3],
    reduce: [["dil_conv_5x5", 0], ["avg_pool_3x3", 1], ["skip_connect", 2], ["skip_connect", 0]],
    reduce_concat: [3],
  });
  assertEquals([normal!.name, reduce!.name], ["Normal cell", "Reduction cell"]);
  assertEquals(normal!.states.map(({ name, role }) => `${name}: ${role}`), [
    "the one before: input",
    "previous cell: input",
    "node 1: inner",
    "node 2: inner",
    "output: output",
  ]);
  assertEquals(normal!.edges, [
    { from: 0, to: 2, label: "separable conv 3×3" },
    { from: 1, to: 2, label: "skip" },
    { from: 2, to: 3, label: "max pool 3×3" },
    { from: 2, to: 4 },
    { from: 3, to: 4 },
  ]);
  assertEquals(reduce!.edges.map(({ from, to }) => [from, to]), [[0, 2], [1, 2], [2, 3], [0, 3], [3, 4]]);
});

Deno.test("labelsOfDarts() names the rows and columns of alpha in the words of the cells", () => {
  const [normal, reduce] = labelsOfDarts(2);
  assertEquals([normal!.title, reduce!.title], ["Normal cell", "Reduction cell"]);
  assertEquals(normal!.groups, [
    "the one before to node 1",
    "previous cell to node 1",
    "the one before to node 2",
    "previous cell to node 2",
    "node 1 to node 2",
  ]);
  assertEquals([normal!.candidates.length, normal!.candidates[4]], [8, "separable conv 3×3"]);
});
