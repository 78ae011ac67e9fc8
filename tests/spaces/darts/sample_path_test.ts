import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { pruneDartsSpace } from "../../../src/spaces/darts/prune.ts";
import { sampleDartsPath } from "../../../src/spaces/darts/sample_path.ts";
import {
  CELL_TYPES,
  countMixing,
  listEdges,
  makeDartsSpace,
  mixingIndex,
  PRIMITIVES,
} from "../../../src/spaces/darts/space.ts";
import { createDarts } from "../../../src/search/mod.ts";

const space = makeDartsSpace({ nodes: 3, cells: 3, channels: 4 });
const alpha = Float32Array.from({ length: countMixing(space) }, (_, i) => 2 * Math.sin(1 + i * i));
const { strengths } = createDarts(space);

Deno.test("sampleDartsPath() draws two edges a node with one operation each", () => {
  for (let seed = 0; seed < 50; seed++) {
    const weights = sampleDartsPath(strengths(alpha), space, seed);
    for (const type of CELL_TYPES) {
      const counts = new Map<number, number>();
      for (const { index, node } of listEdges(space.nodes)) {
        const of = PRIMITIVES.map((_, operation) => weights[mixingIndex(space, type, index, operation)]!);
        const drawn = of.filter((weight) => weight !== 0);
        assert(drawn.length <= 1 && of[0] === 0, "one operation an edge, never none");
        if (drawn.length === 0) continue;
        assertEquals(drawn, [1]);
        counts.set(node, (counts.get(node) ?? 0) + 1);
      }
      assertEquals([...counts], [[0, 2], [1, 2], [2, 2]]);
    }
  }
});

Deno.test("sampleDartsPath() gives the same for the same seed, and draws operations by their strengths", () => {
  const of = strengths(alpha);
  assertEquals(sampleDartsPath(of, space, 7), sampleDartsPath(of, space, 7));
  assertNotEquals(sampleDartsPath(of, space, 7), sampleDartsPath(of, space, 8));
  // The first node has two edges, so both are always drawn.
  const draws = 4000;
  const counts = new Float64Array(PRIMITIVES.length);
  for (let seed = 0; seed < draws; seed++) {
    sampleDartsPath(of, space, seed).subarray(0, PRIMITIVES.length).forEach((weight, i) => counts[i]! += weight);
  }
  const total = of.subarray(1, PRIMITIVES.length).reduce((sum, strength) => sum + strength, 0);
  // Four standard deviations of a share of 4,000 draws are at most 0.032.
  for (let i = 1; i < PRIMITIVES.length; i++) assertAlmostEquals(counts[i]! / draws, of[i]! / total, 0.032);
});

Deno.test("sampleDartsPath() of a pruned space draws nothing that was pruned away", () => {
  const pruned = pruneDartsSpace(space, strengths(alpha), 2);
  const of = createDarts(pruned).strengths(alpha);
  for (let seed = 0; seed < 50; seed++) {
    sampleDartsPath(of, pruned, seed).forEach((weight, i) => assert(weight === 0 || of[i]! > 0));
  }
});
