import { assertEquals } from "@std/assert";
import { defaultSizes } from "../../src/spaces/mod.ts";
import { DARTS_LEARNING_RATE, DARTS_SETTINGS } from "../../src/search/mod.ts";
import {
  DEFAULT_SEARCH,
  DEFAULT_SHARING,
  DEFAULT_SIZES,
  DEFAULT_SOURCE,
  DEFAULT_TRAINING,
  learningOf,
} from "../../src/stages/groups.ts";

Deno.test("DEFAULT_SEARCH is the paper's, with statistics renewed before each validation", () => {
  const { method, order, learningRate, alphaLearningRate, alphaEvery, pathShare, trainPortion } = DEFAULT_SEARCH;
  assertEquals([method, order, learningRate, trainPortion], ["darts", 1, DARTS_LEARNING_RATE.first, 0.5]);
  const { alphaLearningRate: rate, alphaEvery: every, pathShare: share } = DARTS_SETTINGS;
  assertEquals([alphaLearningRate, alphaEvery, pathShare], [rate, every, share]);
  assertEquals([DEFAULT_SEARCH.recalibration, DEFAULT_SEARCH.head], [16, "random"]);
});

Deno.test("the other groups have the defaults that the help tells", () => {
  assertEquals(DEFAULT_SIZES, { space: "darts" });
  assertEquals(defaultSizes("darts", { classes: 2, inputChannels: 1, height: 28, width: 28 }), {
    channels: 8,
    cells: 5,
    nodes: 4,
    stem: "cifar",
  });
  assertEquals(DEFAULT_TRAINING, { epochs: 15, learningRate: 0.025, dropPath: 0, auxiliary: 0 });
  assertEquals([DEFAULT_SOURCE, DEFAULT_SHARING], [{ name: "auto" }, { sampling: "balanced" }]);
});

Deno.test("learningOf() hands on the groups of learning, and nothing else", () => {
  const groups = { loss: { labelSmoothing: 0.1 }, variation: { mixup: 0.2 }, weights: { mean: 0.9 } };
  assertEquals(learningOf({ ...groups, seed: 1 }), groups);
});
