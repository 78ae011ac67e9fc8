import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { createDrnas } from "../../../src/search/methods/drnas.ts";
import { rowsOf } from "../../../src/search/methods/rows.ts";
import { groupsOf, pruneSpace } from "../../../src/spaces/mod.ts";
import { TINY_SPACE } from "../../network/_tiny_task.ts";
import { gradientError, MOMENT, waves } from "./_moments.ts";

const PRUNED = pruneSpace(TINY_SPACE, waves(80), 2);

for (const [what, space] of [["whole", TINY_SPACE], ["pruned", PRUNED]] as const) {
  Deno.test(`createDrnas() draws shares, and is evaluated with their mean (${what})`, () => {
    const [method, groups] = [createDrnas(space), groupsOf(space)];
    const mean = method.mix(waves(80), { ...MOMENT, purpose: "evaluation" }).weights;
    const sum = new Float64Array(80);
    const draws = 300;
    for (let step = 0; step < draws; step++) {
      const { weights } = method.mix(waves(80), { ...MOMENT, step });
      for (const { held } of rowsOf(groups)) assertAlmostEquals(held.reduce((s, i) => s + weights[i]!, 0), 1, 1e-5);
      weights.forEach((weight, i) => sum[i]! += weight);
    }
    mean.forEach((share, i) => assertAlmostEquals(sum[i]! / draws, share, 0.09));
    assert(mean.every((share, i) => groups.exists[i] ? share > 0 : share === 0 && sum[i] === 0));
  });

  Deno.test(`createDrnas() is held by the divergence, with the gradient of finite differences (${what})`, () => {
    const method = createDrnas(space);
    const regularise = (alpha: Float32Array) => method.regularise!(alpha, MOMENT);
    const { gradient } = regularise(waves(80, 2));
    assertLess(gradientError((alpha) => regularise(alpha).loss, waves(80, 2), gradient, 2 ** -7), 1e-5);
    assertAlmostEquals(regularise(new Float32Array(80)).loss, 0, 1e-9);
  });
}

Deno.test("createDrnas() hands back the gradient of the mean, on average over draws", () => {
  const [method, slopes, alpha] = [createDrnas(TINY_SPACE), waves(80, 2), waves(80)];
  const loss = (alpha: Float32Array) =>
    method.mix(alpha, { ...MOMENT, purpose: "evaluation" }).weights.reduce((sum, w, i) => sum + w * slopes[i]!, 0);
  const sum = new Float64Array(80);
  const draws = 600;
  for (let step = 0; step < draws; step++) {
    method.mix(alpha, { ...MOMENT, step }).gradient(slopes).forEach((slope, i) => sum[i]! += slope / draws);
  }
  assertLess(gradientError(loss, alpha, sum), 0.06);
});

Deno.test("createDrnas() rests alpha at the start of each of two stages, and prunes between them", () => {
  const method = createDrnas(TINY_SPACE);
  method.startEpoch(0, 50);
  const learning = Array.from({ length: 50 }, (_, epoch) => method.updatesAlpha(epoch));
  assertEquals([learning.indexOf(true), learning.indexOf(false, 10), learning.indexOf(true, 25)], [10, 25, 35]);
  const end = { planned: 50, space: TINY_SPACE };
  assertEquals(method.shrink!(waves(80), { ...end, epochs: 24 }), undefined);
  const smaller = method.shrink!(waves(80), { ...end, epochs: 25 })!;
  for (const { held } of rowsOf(groupsOf(smaller))) assertEquals(held.length, 5);
});
