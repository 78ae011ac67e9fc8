import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { sampleNasBench201Path } from "../../../src/spaces/nasbench201/sample_path.ts";
import { EDGES } from "../../../src/spaces/nasbench201/space.ts";
import { smallSpace } from "./_space.ts";

const EVEN = new Float32Array(30).fill(0.2);

Deno.test("sampleNasBench201Path() draws one operation an edge, and no node without any", () => {
  const space = smallSpace();
  const counts = new Map<number, number>();
  for (let seed = 0; seed < 100; seed++) {
    const weights = sampleNasBench201Path(EVEN, space, seed);
    const drawn = EDGES.map(({ index }) => {
      const row = [...weights.subarray(5 * index, 5 * index + 5)];
      assertEquals(row.toSorted(), [0, 0, 0, 0, 1]);
      return row.indexOf(1);
    });
    for (const node of [1, 2, 3]) assert(EDGES.some((edge) => edge.node === node && drawn[edge.index] !== 0));
    for (const operation of drawn) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  }
  assertEquals(counts.size, 5);
  assertEquals(sampleNasBench201Path(EVEN, space, 1), sampleNasBench201Path(EVEN, space, 1));
  assertNotEquals(sampleNasBench201Path(EVEN, space, 1), sampleNasBench201Path(EVEN, space, 2));
});

Deno.test("sampleNasBench201Path() draws nothing without strength", () => {
  const strengths = Float32Array.from({ length: 30 }, (_, i) => i % 5 === 3 ? 1 : 0);
  assertEquals(sampleNasBench201Path(strengths, smallSpace(), 5), strengths);
  const none = Float32Array.from({ length: 30 }, (_, i) => i % 5 === 0 ? 1 : 0);
  assertEquals(sampleNasBench201Path(none, smallSpace(), 5), none);
});
