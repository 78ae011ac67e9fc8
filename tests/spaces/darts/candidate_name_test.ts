import { assertEquals } from "@std/assert";
import { buildSupernet, candidateOf, candidateOfGene, candidatePrefix } from "../../../src/spaces/mod.ts";
import { TINY_SPACE } from "../../network/_tiny_task.ts";

Deno.test("candidateOf() finds the place that candidatePrefix() names", () => {
  const place = { cell: 12, edge: 3, operation: 4 };
  assertEquals(candidatePrefix(place), "cells.12._ops.3._ops.4");
  assertEquals(candidateOf(`${candidatePrefix(place)}.op.1.weight`), place);
});

Deno.test("candidateOfGene() finds the edge from a gene's state to its node, and the operation", () => {
  assertEquals(candidateOfGene(2, 0, ["max_pool_3x3", 1]), { cell: 2, edge: 1, operation: 1 });
  assertEquals(candidateOfGene(0, 5, ["sep_conv_5x5", 3]), { cell: 0, edge: 8, operation: 5 });
});

Deno.test("candidateOf() knows every candidate's weights in a supernet and nothing else's", () => {
  const names = buildSupernet(TINY_SPACE).parameters.map(({ name }) => name);
  const [candidates, others] = [true, false].map((isOne) =>
    names.filter((name) => (candidateOf(name) !== undefined) === isOne)
  );
  assertEquals(candidates!.every((name) => name.startsWith(`${candidatePrefix(candidateOf(name)!)}.`)), true);
  assertEquals(others!.filter((name) => name.includes("_ops")), []);
  assertEquals([candidates!.length > 0, others!.length > 0], [true, true]);
});
