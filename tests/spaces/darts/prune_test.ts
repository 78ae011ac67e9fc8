import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { pruneSpace } from "../../../src/spaces/mod.ts";
import { pruneDartsSpace } from "../../../src/spaces/darts/prune.ts";
import { deriveGenotype } from "../../../src/spaces/darts/derive.ts";
import {
  CELL_TYPES,
  countMixing,
  listEdges,
  makeDartsSpace,
  mixingIndex,
  PRIMITIVES,
} from "../../../src/spaces/darts/space.ts";
import { createDarts } from "../../../src/search/mod.ts";

const space = makeDartsSpace({ nodes: 2, cells: 3, channels: 4 });
const alpha = Float32Array.from({ length: countMixing(space) }, (_, i) => Math.sin(1 + i * i));

Deno.test("pruneDartsSpace() keeps the strongest operations of every edge, in their order", () => {
  const { candidates } = pruneDartsSpace(space, createDarts(space).strengths(alpha), 3);
  for (const type of CELL_TYPES) {
    for (const { index } of listEdges(space.nodes)) {
      const at = (name: typeof PRIMITIVES[number]) => alpha[mixingIndex(space, type, index, PRIMITIVES.indexOf(name))]!;
      const best = PRIMITIVES.slice(1).toSorted((a, b) => at(b) - at(a)).slice(0, 3);
      assertEquals(candidates![type][index], PRIMITIVES.filter((name) => best.includes(name)));
    }
  }
});

Deno.test("pruneDartsSpace() goes on from a pruned space, and ties go to the lower index", () => {
  const { strengths } = createDarts(space);
  const three = pruneDartsSpace(space, strengths(alpha), 3);
  const one = pruneDartsSpace(three, createDarts(three).strengths(alpha), 1);
  assertEquals(one, pruneDartsSpace(space, strengths(alpha), 1));
  assertEquals(pruneDartsSpace(one, createDarts(one).strengths(alpha), 3), one);
  const even = pruneDartsSpace(space, new Float32Array(countMixing(space)), 2);
  for (const list of even.candidates!.normal) assertEquals(list, ["max_pool_3x3", "avg_pool_3x3"]);
});

Deno.test("pruneSpace() refuses to leave nothing", () => {
  for (const keep of [0, -1, 1.5, NaN]) {
    assertThrows(() => pruneSpace(space, alpha, keep), RangeError, `${keep} operations an edge are to be kept`);
  }
});

Deno.test("in a pruned space mixing weights are shared by what is left, and the same architecture is derived", () => {
  const pruned = pruneDartsSpace(space, createDarts(space).strengths(alpha), 2);
  const { mix, strengths } = createDarts(pruned);
  const { weights, gradient } = mix(alpha, { purpose: "weights", seed: 0, epoch: 0, step: 0 });
  const upstream = Float32Array.from(weights, (_, i) => Math.cos(i));
  const back = gradient(upstream);
  for (let row = 0; row < weights.length; row += PRIMITIVES.length) {
    const of = weights.subarray(row, row + PRIMITIVES.length);
    assertAlmostEquals(of.reduce((sum, weight) => sum + weight, 0), 1, 1e-6);
    assertEquals(of.filter((weight) => weight > 0).length, 3, "two and none");
  }
  // Central differences of Σ upstream · weights.
  const value = (at: Float32Array) => strengths(at).reduce((sum, weight, i) => sum + weight * upstream[i]!, 0);
  back.forEach((slope, i) => {
    const moved = (by: number) => value(alpha.map((one, k) => k === i ? one + by : one));
    assertAlmostEquals((moved(1e-2) - moved(-1e-2)) / 2e-2, slope, 1e-4);
    if (weights[i] === 0) assert(slope === 0);
  });
  for (const type of CELL_TYPES) {
    for (const [name, from] of deriveGenotype(strengths(alpha), pruned)[type]) {
      assert(pruned.candidates![type].some((list, edge) => listEdges(2)[edge]!.from === from && list.includes(name)));
    }
  }
});
