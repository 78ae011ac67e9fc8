import { assertEquals } from "@std/assert";
import { DARTS_SETTINGS } from "../../src/search/mod.ts";

Deno.test("DARTS_SETTINGS are those of the paper", () => {
  assertEquals(DARTS_SETTINGS, {
    alphaEvery: 1,
    pathShare: 0,
    recalibrationBatches: 0,
    refitsHead: false,
    batch: 64,
    order: 1,
    momentum: 0.9,
    weightDecay: 3e-4,
    clip: 5,
    alphaLearningRate: 3e-4,
    alphaBeta1: 0.5,
    alphaBeta2: 0.999,
    alphaWeightDecay: 1e-3,
  });
});
