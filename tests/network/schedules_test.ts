import { assertAlmostEquals, assertEquals } from "@std/assert";
import { cosineLearningRate, cosinePlan, dropPathProbability } from "../../src/network/mod.ts";

const COURSE = { epochs: 50, first: 0.025, last: 0.001 };

Deno.test("cosineLearningRate() is that of PyTorch's CosineAnnealingLR", () => {
  assertEquals(cosineLearningRate(0, COURSE), 0.025);
  assertAlmostEquals(cosineLearningRate(25, COURSE), 0.013, 1e-15);
  assertEquals(cosineLearningRate(50, COURSE), 0.001);
  // Worked by hand: 0.001 + 0.024 · (1 + cos(π / 50)) / 2.
  assertAlmostEquals(cosineLearningRate(1, COURSE), 0.02497632074113926, 1e-16);
});

Deno.test("cosinePlan() lets everything learn in every epoch", () => {
  const plan = cosinePlan(COURSE);
  assertEquals(plan.length, 50);
  assertEquals(plan[0], { learningRate: 0.025, updatesAlpha: true, learns: "all" });
  assertEquals(plan[49]!.learningRate, cosineLearningRate(49, COURSE));
  assertEquals(cosinePlan({ ...COURSE, epochs: 0 }), []);
});

Deno.test("dropPathProbability() grows linearly from 0", () => {
  assertEquals(dropPathProbability(0, { epochs: 600, probability: 0.2 }), 0);
  assertAlmostEquals(dropPathProbability(300, { epochs: 600, probability: 0.2 }), 0.1, 1e-15);
});
