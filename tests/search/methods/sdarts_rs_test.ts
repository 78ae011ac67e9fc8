import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { createDarts } from "../../../src/search/mod.ts";
import { createSdartsRs } from "../../../src/search/methods/sdarts_rs.ts";
import { rowsOf } from "../../../src/search/methods/rows.ts";
import { groupsOf, pruneSpace } from "../../../src/spaces/mod.ts";
import { TINY_SPACE } from "../../network/_tiny_task.ts";
import { MOMENT, waves } from "./_moments.ts";

const ALPHA = waves(80, 0.3);

for (const space of [TINY_SPACE, pruneSpace(TINY_SPACE, waves(80), 3)]) {
  Deno.test(`createSdartsRs() shakes the weights' shares alone, within bounds, ${space === TINY_SPACE ? "whole" : "pruned"}`, () => {
    const [method, darts] = [createSdartsRs(space), createDarts(space)];
    const plain = darts.mix(ALPHA, MOMENT).weights;
    for (const purpose of ["alpha", "evaluation"] as const) {
      assertEquals(method.mix(ALPHA, { ...MOMENT, purpose }).weights, plain);
    }
    const furthest = [0, 9].map((epoch) => {
      method.startEpoch(epoch, 10);
      const { weights } = method.mix(ALPHA, { ...MOMENT, purpose: "weights" });
      for (const { held, start, end } of rowsOf(groupsOf(space))) {
        assertAlmostEquals(held.reduce((sum, i) => sum + weights[i]!, 0), 1, 1e-6);
        assertEquals(weights.subarray(start, end).filter((weight) => weight < 0 || weight > 1).length, 0);
        assert(weights.subarray(start, end).every((weight, k) => held.includes(start + k) || weight === 0));
      }
      return weights.reduce((most, weight, i) => Math.max(most, Math.abs(weight - plain[i]!)), 0);
    });
    assertLess(furthest[0]!, 0.05);
    assert(furthest[1]! > 0.1);
  });
}

Deno.test("createSdartsRs() gives all to the strongest where noise leaves nothing", () => {
  // A single candidate beside none, whose shares are both cut off at 0 in some draw.
  const method = createSdartsRs(TINY_SPACE);
  method.startEpoch(1000, 10);
  let rowsLost = 0;
  for (let step = 0; step < 200; step++) {
    const { weights } = method.mix(ALPHA, { ...MOMENT, purpose: "weights", step });
    const strongest = createDarts(TINY_SPACE).strengths(ALPHA);
    for (const { held } of rowsOf(groupsOf(TINY_SPACE))) {
      const best = held.reduce((at, i) => strongest[i]! > strongest[at]! ? i : at);
      if (weights[best] === 1) rowsLost++;
      assertAlmostEquals(held.reduce((sum, i) => sum + weights[i]!, 0), 1, 1e-6);
    }
  }
  assert(rowsLost > 0);
});
