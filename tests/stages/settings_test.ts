import { assertAlmostEquals, assertEquals } from "@std/assert";
import { sizesOf } from "../../src/spaces/mod.ts";
import { bilevelSettings, searchPlan, spaceFor, trainingSettings, variationFor } from "../../src/stages/settings.ts";
import { DEFAULT_SEARCH, DEFAULT_SIZES, DEFAULT_TRAINING, type SearchGroup } from "../../src/stages/groups.ts";
import { openDataset } from "../../src/data/mod.ts";

Deno.test("searchPlan() falls from 0.025 towards 0.001 by default, as the paper's search", () => {
  const plan = searchPlan({ ...DEFAULT_SEARCH, epochs: 50 });
  assertEquals([plan.length, plan[0]!.learningRate], [50, 0.025]);
  assertAlmostEquals(plan[25]!.learningRate, 0.013, 1e-9);
});

Deno.test("bilevelSettings() are the paper's but for what was chosen", async () => {
  const settings = bilevelSettings(await openDataset("uci-digits"), {
    ...DEFAULT_SEARCH,
    order: 2,
    alphaLearningRate: 0.01,
  });
  assertEquals([settings.order, settings.alphaLearningRate, settings.clip, settings.weightDecay], [2, 0.01, 5, 3e-4]);
  const heads = (["refitted", "closed-form", undefined] as const).map((head) =>
    bilevelSettings({ train: { count: 1 } }, { ...DEFAULT_SEARCH, alphaLearningRate: undefined, head })
  );
  assertEquals(heads.map(({ refitsHead }) => refitsHead), [true, false, false]);
  assertEquals(heads[0]!.alphaLearningRate, 3e-4);
});

Deno.test("bilevelSettings() let operations stop by the method's rule, or with any method below what is asked for", () => {
  const of = (changes: Partial<SearchGroup>) =>
    bilevelSettings({ train: { count: 1 } }, { ...DEFAULT_SEARCH, ...changes }).operationStopping;
  assertEquals([of({}), of({ method: "oles" })], [undefined, { steps: 20, threshold: 0.4 }]);
  for (const method of ["oles", "beta-darts"]) {
    assertEquals(of({ method, stopBelow: 0 }), { steps: 20, threshold: 0 });
  }
});

Deno.test("settings have a mean of weights only where one is asked for", () => {
  const data = { train: { count: 1 } };
  for (const weights of [undefined, {}, { mean: 0 }]) {
    const all = [bilevelSettings(data, DEFAULT_SEARCH, weights), trainingSettings(data, DEFAULT_TRAINING, weights)];
    assertEquals(all.map((settings) => "weightsMean" in settings), [false, false]);
  }
  assertEquals(bilevelSettings(data, DEFAULT_SEARCH, { mean: 0.99 }).weightsMean, 0.99);
  assertEquals(trainingSettings(data, DEFAULT_TRAINING, { mean: 0.99 }).weightsMean, 0.99);
});

Deno.test("spaceFor() takes classes, size and channels from the dataset", async () => {
  const space = spaceFor(await openDataset("uci-digits"), DEFAULT_SIZES);
  assertEquals([space.classes, space.height, space.inputChannels], [10, 28, 1]);
  assertEquals(sizesOf(space), { channels: 8, cells: 5, nodes: 4 });
});

Deno.test("trainingSettings() and variationFor() are the dataset's but for what was chosen", async () => {
  const digits = await openDataset("uci-digits");
  const { batch, epochs, lastLearningRate } = trainingSettings(digits, { ...DEFAULT_TRAINING, epochs: 3 });
  assertEquals([batch, epochs, lastLearningRate], [32, 3, 0]);
  assertEquals(variationFor(DEFAULT_TRAINING), {});
  assertEquals(variationFor({ ...DEFAULT_TRAINING, cutout: 8 }), { cutout: 8 });
});
