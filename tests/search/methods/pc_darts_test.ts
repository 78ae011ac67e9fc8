import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { Engine } from "../../../src/engine/mod.ts";
import { countAlpha, softmaxGroups } from "../../../src/search/mod.ts";
import { createPcDarts } from "../../../src/search/methods/pc_darts.ts";
import { rowsOf } from "../../../src/search/methods/rows.ts";
import { initialiseNetwork } from "../../../src/network/mod.ts";
import { adaptSpace, buildSupernet, groupsOf, makeSpace, pruneSpace } from "../../../src/spaces/mod.ts";
import { TINY_SPACE, tinyBatch, tinyTask } from "../../network/_tiny_task.ts";
import { gradientError, MOMENT, waves } from "./_moments.ts";

const NB201 = makeSpace({ name: "nasbench201", classes: 10, inputChannels: 1, height: 8, width: 8 });

for (
  const [what, space] of [
    ["whole", TINY_SPACE],
    ["pruned", pruneSpace(TINY_SPACE, waves(80), 2)],
    ["nasbench201", NB201],
  ] as const
) {
  Deno.test(`pc-darts weighs candidates within an edge and edges within a node, and hands the gradient back (${what})`, () => {
    const groups = groupsOf(space);
    const [count, rows] = [groups.exists.length, rowsOf(groups)];
    const method = createPcDarts(space);
    assertEquals(countAlpha(method.parameters), count + rows.length);
    const alpha = waves(count + rows.length);
    const { weights, gradient } = method.mix(alpha, MOMENT);
    assertEquals(method.strengths(alpha), weights);
    const within = softmaxGroups(alpha.subarray(0, count), groups);
    const edges = rows.map(({ start, end }) => weights.subarray(start, end).reduce((sum, weight) => sum + weight));
    rows.forEach(({ held }, row) => {
      for (const i of held) assertAlmostEquals(weights[i]!, within[i]! * edges[row]!, 1e-6);
    });
    for (const sum of new Set(groups.sums)) {
      const own = rows.flatMap((_, row) => groups.sums[row] === sum ? [row] : []);
      assertAlmostEquals(own.reduce((total, row) => total + edges[row]!, 0), 1, 1e-6);
      const [a, b] = [own[0]!, own.at(-1)!];
      assertAlmostEquals(Math.log(edges[a]! / edges[b]!), alpha[count + a]! - alpha[count + b]!, 1e-5);
    }
    const slopes = waves(count, 2);
    const loss = (of: Float32Array) =>
      method.mix(of, MOMENT).weights.reduce((sum, weight, i) => sum + weight * slopes[i]!, 0);
    assertLess(gradientError(loss, alpha, gradient(slopes)), 2e-3);
  });
}

Deno.test("the architecture of pc-darts rests in the first three tenths of a search", () => {
  const method = createPcDarts(TINY_SPACE);
  const learns = (epochs: number) =>
    Array.from({ length: epochs }, (_, epoch) => {
      method.startEpoch(epoch, epochs);
      return method.updatesAlpha(epoch);
    });
  assertEquals(learns(50).indexOf(true), 15);
  assertEquals(learns(1), [true]);
  assertEquals(learns(3), [false, true, true]);
});

Deno.test("mixing weights that add up to a bypass have the slope of finite differences", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const space = adaptSpace(TINY_SPACE, { channelShare: 4 });
  const network = engine.compile(buildSupernet(space), { batch: 8 });
  initialiseNetwork(network, 1);
  const batch = tinyBatch(tinyTask(engine), 0, 8);
  const weights = createPcDarts(space).mix(waves(90), MOMENT).weights;
  const lossAt = (mixing: Float32Array) => {
    network.setMixing(mixing);
    return network.backward(batch, { weightGradients: false }).loss;
  };
  lossAt(weights);
  const slopes = network.mixingGradient();
  const step = 0.001;
  // `none` has no term: all of its slope is that of what passes by.
  for (const i of [0, 8, 40, 48]) {
    const moved = (by: number) => weights.map((weight, k) => k === i ? weight + by : weight);
    const found = (lossAt(moved(step)) - lossAt(moved(-step))) / (2 * step);
    assertAlmostEquals(slopes[i]!, found, 2e-3 + 0.05 * Math.abs(found));
  }
  assertEquals([0, 8, 40, 48].every((i) => slopes[i] !== 0), true);
  network.free();
  engine.close();
});
