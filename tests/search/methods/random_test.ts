import { assertEquals, assertNotEquals } from "@std/assert";
import { createRandom, drawPath } from "../../../src/search/methods/random.ts";
import { deriveGenotype, pruneSpace } from "../../../src/spaces/mod.ts";
import { TINY_SPACE } from "../../network/_tiny_task.ts";
import { MOMENT, waves } from "./_moments.ts";

const NORMALS = { normals: () => new Float32Array() };

Deno.test("createRandom() draws an architecture by the seed, mixes it alone and derives it", () => {
  const method = createRandom(TINY_SPACE);
  const alpha = method.initialAlpha(NORMALS, 1);
  assertEquals(alpha, method.initialAlpha(NORMALS, 1));
  assertNotEquals(alpha, method.initialAlpha(NORMALS, 2));
  const { weights, isPath, gradient } = method.mix(alpha, MOMENT);
  // Two cells, two nodes, two edges.
  assertEquals([weights, weights.reduce((sum, weight) => sum + weight), isPath], [alpha, 8, true]);
  assertEquals([method.updatesAlpha(0), gradient(waves(80)).some((slope) => slope !== 0)], [false, false]);
  const genotype = deriveGenotype(method.strengths(alpha), TINY_SPACE);
  assertNotEquals(genotype, deriveGenotype(method.strengths(method.initialAlpha(NORMALS, 2)), TINY_SPACE));
});

Deno.test("drawPath() draws among what is held", () => {
  const pruned = pruneSpace(TINY_SPACE, waves(80), 1);
  const method = createRandom(pruned);
  for (let seed = 0; seed < 20; seed++) {
    const path = drawPath(pruned, seed);
    assertEquals(method.strengths(path), path);
  }
});
