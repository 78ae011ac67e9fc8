import { assertEquals } from "@std/assert";
import { buildSupernet } from "../../../src/spaces/mod.ts";
import { candidateOfGene, candidatePrefix, operationOf } from "../../../src/spaces/darts/candidate_name.ts";
import { listEdges, PRIMITIVES } from "../../../src/spaces/darts/space.ts";
import { TINY_SPACE } from "../../network/_tiny_task.ts";

Deno.test("candidatePrefix() names cell, edge and operation", () => {
  assertEquals(candidatePrefix({ cell: 12, edge: 3, operation: 4 }), "cells.12._ops.3._ops.4");
});

Deno.test("candidateOfGene() finds the edge from a gene's state to its node, and the operation", () => {
  assertEquals(candidateOfGene(2, 0, ["max_pool_3x3", 1]), { cell: 2, edge: 1, operation: 1 });
  assertEquals(candidateOfGene(0, 5, ["sep_conv_5x5", 3]), { cell: 0, edge: 8, operation: 5 });
});

Deno.test("candidatePrefix() names every candidate's weights in a supernet and nothing else's", () => {
  const { nodes, cells } = TINY_SPACE;
  const prefixes = Array.from(
    { length: cells },
    (_, cell) =>
      listEdges(nodes).flatMap(({ index: edge }) =>
        PRIMITIVES.map((_, operation) => candidatePrefix({ cell, edge, operation }))
      ),
  ).flat();
  const names = buildSupernet(TINY_SPACE).parameters.map(({ name }) => name);
  const [candidates, others] = [true, false].map((isOne) =>
    names.filter((name) => prefixes.some((prefix) => name.startsWith(`${prefix}.`)) === isOne)
  );
  assertEquals(others!.filter((name) => name.includes("_ops")), []);
  assertEquals([candidates!.length > 0, others!.length > 0], [true, true]);
  assertEquals(others!.map(operationOf), others!.map(() => undefined));
  assertEquals(candidates!.every((name) => name.startsWith(`${operationOf(name)}.`)), true);
  assertEquals(new Set(candidates!.map(operationOf)).isSubsetOf(new Set(prefixes)), true);
});
