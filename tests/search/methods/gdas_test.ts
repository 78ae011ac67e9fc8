import { assert, assertEquals, assertLess } from "@std/assert";
import { Engine } from "../../../src/engine/mod.ts";
import { BilevelSearch, DARTS_SETTINGS, softmaxGroups } from "../../../src/search/mod.ts";
import { createGdas } from "../../../src/search/methods/gdas.ts";
import { uniformNoise } from "../../../src/search/methods/noise.ts";
import { rowsOf } from "../../../src/search/methods/rows.ts";
import { groupsOf, pruneSpace } from "../../../src/spaces/mod.ts";
import { TINY_SPACE, tinyBatch, tinyTask } from "../../network/_tiny_task.ts";
import { tinySearch } from "../_tiny_search.ts";
import { gradientError, MOMENT, waves } from "./_moments.ts";

const PRUNED = pruneSpace(TINY_SPACE, waves(80), 2);

for (const [what, space, epoch] of [["hot", TINY_SPACE, 0], ["cold", TINY_SPACE, 8], ["pruned", PRUNED, 4]] as const) {
  Deno.test(`createGdas() weighs one candidate a place, and hands the soft draw's gradient back at it (${what})`, () => {
    const [groups, method] = [groupsOf(space), createGdas(space)];
    method.startEpoch(epoch, 10);
    const { weights, isPath, gradient } = method.mix(waves(80), MOMENT);
    assert(isPath);
    const temperature = 10 - 9.9 * epoch / 9;
    const soft = (alpha: Float32Array) => {
      const uniform = uniformNoise(MOMENT);
      const noisy = new Float32Array(80);
      for (const { held } of rowsOf(groups)) {
        for (const i of held) noisy[i] = (alpha[i]! - Math.log(-Math.log(uniform()))) / temperature;
      }
      return softmaxGroups(noisy, groups);
    };
    const shares = soft(waves(80));
    for (const { held, start, end } of rowsOf(groups)) {
      assertEquals(weights.subarray(start, end).reduce((sum, weight) => sum + weight), 1);
      assertEquals(held.every((i) => weights[i] === 0 || held.every((k) => shares[k]! <= shares[i]!)), true);
    }
    const slopes = waves(80, 2);
    const loss = (alpha: Float32Array) =>
      soft(alpha).reduce((sum, share, i) => sum + share * weights[i]! * slopes[i]!, 0);
    assertLess(gradientError(loss, waves(80), gradient(slopes)), 2e-3);
  });
}

Deno.test("a pass through a drawn path alone has the loss, the weights' and the mixing gradients of a whole one", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const { network } = tinySearch(engine);
  const batch = tinyBatch(tinyTask(engine), 0, 8);
  const method = createGdas(TINY_SPACE);
  for (let step = 0; step < 3; step++) {
    const { weights } = method.mix(waves(80), { ...MOMENT, step });
    network.setMixing(weights);
    const [whole, alone] = ([true, "live"] as const).map((weightGradients) => {
      const { loss } = network.backward(batch, { weightGradients });
      const mixing = network.mixingGradient().map((slope, i) => slope * weights[i]!);
      return { loss, mixing, gradients: network.parameters.map(({ name }) => network.read(name, "gradient")) };
    });
    assertEquals(alone, whole);
  }
  network.free();
  engine.close();
});

Deno.test("a search by GDAS leaves running statistics to the validation, and is evaluated with the strongest candidates", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const method = createGdas(TINY_SPACE);
  const options = tinySearch(engine, { method, settings: { ...DARTS_SETTINGS, batch: 8, recalibrationBatches: 2 } });
  const search = new BilevelSearch(options);
  const [mean] = options.network.buffers;
  const before = options.network.read(mean!.name);
  while (!search.clock.isEpochOver) search.takeStep();
  assertEquals([options.network.read(mean!.name), search.clock.batchesTracked], [before, 0]);
  search.finishEpoch();
  assertEquals(search.clock.batchesTracked, 2);
  const { weights } = method.mix(search.alpha, { ...MOMENT, purpose: "evaluation" });
  assertEquals(weights.filter((weight) => weight === 1).length, 10);
  engine.close();
});
