import { assertEquals } from "@std/assert";
import { groupsOfDarts } from "../../../src/spaces/darts/groups.ts";
import { countMixing, makeDartsSpace, mixingIndex, PRIMITIVES } from "../../../src/spaces/darts/space.ts";

Deno.test("groupsOfDarts() has the architecture parameters of the reference, a row an edge", () => {
  const { tensors, exists, sums } = groupsOfDarts(makeDartsSpace());
  assertEquals(tensors, [{ name: "alphas_normal", shape: [14, 8] }, { name: "alphas_reduce", shape: [14, 8] }]);
  assertEquals(exists, Array(224).fill(true));
  const ofCell = [0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3];
  assertEquals(sums, [...ofCell, ...ofCell.map((sum) => sum + 4)]);
});

Deno.test("groupsOfDarts() knows what was pruned away; none always exists", () => {
  const lists = { normal: [["sep_conv_3x3"], ["skip_connect"]], reduce: [["dil_conv_5x5"], ["skip_connect"]] } as const;
  const space = makeDartsSpace({ nodes: 1, cells: 1, candidates: lists });
  const { exists } = groupsOfDarts(space);
  assertEquals(exists.length, countMixing(space));
  const held = [
    ...[0, 1].flatMap((edge) => [mixingIndex(space, "normal", edge, 0), mixingIndex(space, "reduce", edge, 0)]),
    mixingIndex(space, "normal", 0, PRIMITIVES.indexOf("sep_conv_3x3")),
    mixingIndex(space, "reduce", 1, PRIMITIVES.indexOf("skip_connect")),
    mixingIndex(space, "normal", 1, PRIMITIVES.indexOf("skip_connect")),
    mixingIndex(space, "reduce", 0, PRIMITIVES.indexOf("dil_conv_5x5")),
  ];
  assertEquals(exists.flatMap((exists, i) => exists ? [i] : []), held.toSorted((a, b) => a - b));
});
