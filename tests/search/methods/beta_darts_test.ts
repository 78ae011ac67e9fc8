import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { betaDecay, createBetaDarts } from "../../../src/search/methods/beta_darts.ts";
import { groupsOf, pruneSpace } from "../../../src/spaces/mod.ts";
import { TINY_SPACE } from "../../network/_tiny_task.ts";
import { gradientError, MOMENT, waves } from "./_moments.ts";

const PRUNED = pruneSpace(TINY_SPACE, waves(80), 2);

for (const [what, space] of [["whole", TINY_SPACE], ["pruned", PRUNED]] as const) {
  Deno.test(`betaDecay() has the gradient of finite differences in a ${what} space`, () => {
    const groups = groupsOf(space);
    const { gradient } = betaDecay(waves(80), groups, 3);
    assertLess(gradientError((alpha) => betaDecay(alpha, groups, 3).loss, waves(80), gradient), 1e-3);
  });
}

Deno.test("betaDecay() of equal alphas is the logarithm of their number, once a tensor", () => {
  assertAlmostEquals(betaDecay(new Float32Array(80), groupsOf(TINY_SPACE), 1).loss, 2 * Math.log(8), 1e-6);
  assertAlmostEquals(betaDecay(new Float32Array(80), groupsOf(PRUNED), 1).loss, 2 * Math.log(3), 1e-6);
});

Deno.test("createBetaDarts() lets the decay grow from 0 towards 50", () => {
  const method = createBetaDarts(TINY_SPACE);
  const weights = [0, 5, 9].map((epoch) => {
    method.startEpoch(epoch, 10);
    return method.regularise!(new Float32Array(80), MOMENT).loss / (2 * Math.log(8));
  });
  weights.forEach((weight, i) => assertAlmostEquals(weight, [0, 25, 45][i]!, 1e-4));
  assertEquals(method.name, "beta-darts");
});
