import { assertEquals } from "@std/assert";
import { NASBENCH201 } from "../../../src/spaces/nasbench201/kind.ts";
import { candidatePrefix, operationOf } from "../../../src/spaces/nasbench201/supernet.ts";
import { EDGES } from "../../../src/spaces/nasbench201/space.ts";
import { buildSupernet, costOfSupernet } from "../../../src/spaces/mod.ts";
import { smallSpace, STRENGTHS } from "./_space.ts";

Deno.test("candidatePrefix() names edges as the reference does", () => {
  assertEquals(candidatePrefix("cells.0", EDGES[2]!, 3), "cells.0.edges.2<-1.3");
});

Deno.test("operationOf() finds the operation of a tensor, and none for what all share", () => {
  const names = buildSupernet(smallSpace()).parameters.map(({ name }) => name);
  const own = names.filter((name) => name.includes(".edges."));
  assertEquals([...new Set(own.map(operationOf))].toSorted(), own.map((name) => name.slice(0, -12)).toSorted());
  assertEquals(own.every((name) => name.endsWith(".op.1.weight")), true);
  const others = names.filter((name) => !own.includes(name));
  assertEquals([others.length > 3, others.map(operationOf)], [true, others.map(() => undefined)]);
});

Deno.test("a pruned supernet has the tensors of what it holds, and may hold a node without terms", () => {
  const pruned = NASBENCH201.prune(smallSpace(), STRENGTHS, 1);
  const cellsOf = (names: readonly { name: string }[]) =>
    names.map(({ name }) => name).filter((name) => name.includes(".edges."));
  // One candidate an edge: a 1×1 convolution into node 2, a 3×3 one into node 3; node 1 is zero.
  assertEquals(
    cellsOf(buildSupernet(pruned).parameters),
    [0, 2, 4].flatMap((cell) => [
      `cells.${cell}.edges.3<-0.3.op.1.weight`,
      `cells.${cell}.edges.2<-1.2.op.1.weight`,
    ]),
  );
  assertEquals(cellsOf(costOfSupernet(smallSpace()).tensors).length, 3 * 6 * 2);
});
