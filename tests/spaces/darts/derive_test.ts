import { assertEquals } from "@std/assert";
import { deriveGenotype } from "../../../src/spaces/darts/derive.ts";
import { checkGenotype } from "../../../src/spaces/darts/genotype.ts";
import { type CellType, edgeIndex, makeDartsSpace, mixingIndex, PRIMITIVES } from "../../../src/spaces/darts/space.ts";

const SPACE = makeDartsSpace({ nodes: 2 });

/** Strengths that are 0.1 but for some: [type, node, state, operation, strength]. */
function strengths(...changes: [CellType, number, number, typeof PRIMITIVES[number], number][]): Float32Array {
  const values = new Float32Array(2 * 5 * 8).fill(0.1);
  for (const [type, node, from, operation, strength] of changes) {
    values[mixingIndex(SPACE, type, edgeIndex(node, from), PRIMITIVES.indexOf(operation))] = strength;
  }
  return values;
}

Deno.test("deriveGenotype() keeps the two strongest edges of a node, the stronger first", () => {
  const genotype = deriveGenotype(
    strengths(
      ["normal", 0, 0, "sep_conv_5x5", 0.3],
      ["normal", 0, 1, "skip_connect", 0.4],
      ["normal", 1, 2, "dil_conv_3x3", 0.9],
      ["normal", 1, 1, "avg_pool_3x3", 0.2],
      ["reduce", 1, 0, "max_pool_3x3", 0.5],
      ["reduce", 1, 2, "dil_conv_5x5", 0.5],
    ),
    SPACE,
  );
  assertEquals(genotype, {
    normal: [["skip_connect", 1], ["sep_conv_5x5", 0], ["dil_conv_3x3", 2], ["avg_pool_3x3", 1]],
    normal_concat: [2, 3],
    reduce: [["max_pool_3x3", 0], ["max_pool_3x3", 1], ["max_pool_3x3", 0], ["dil_conv_5x5", 2]],
    reduce_concat: [2, 3],
  });
  assertEquals(checkGenotype(genotype), genotype);
});

Deno.test("deriveGenotype() never takes none, however strong", () => {
  const genotype = deriveGenotype(
    strengths(["normal", 1, 0, "none", 0.99], ["normal", 1, 1, "sep_conv_3x3", 0.2], [
      "normal",
      1,
      2,
      "sep_conv_3x3",
      0.3,
    ]),
    SPACE,
  );
  assertEquals(genotype.normal.slice(2), [["sep_conv_3x3", 2], ["sep_conv_3x3", 1]]);
});

Deno.test("deriveGenotype() gives ties to the lower index", () => {
  const { normal, reduce } = deriveGenotype(new Float32Array(80), SPACE);
  assertEquals(normal, [["max_pool_3x3", 0], ["max_pool_3x3", 1], ["max_pool_3x3", 0], ["max_pool_3x3", 1]]);
  assertEquals(reduce, normal);
});
