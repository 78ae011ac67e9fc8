import { assertEquals, assertThrows } from "@std/assert";
import { cosineLearningRate, cosinePlan } from "../../src/network/mod.ts";
import { FINETUNE_SETTINGS, finetunePlan } from "../../src/transfer/mod.ts";

const SETTINGS = { ...FINETUNE_SETTINGS, epochs: 6, warmUpEpochs: 2, warmUpLearningRate: 0.05 };
const COURSE = { first: SETTINGS.firstLearningRate, last: SETTINGS.lastLearningRate };

Deno.test("finetunePlan() warms the head up with the body frozen and alpha at rest", () => {
  for (const prior of ["both", "weights"] as const) {
    const plan = finetunePlan(prior, SETTINGS);
    assertEquals(plan.length, 6);
    for (const epoch of plan.slice(0, 2)) {
      assertEquals(epoch, { learningRate: 0.05, updatesAlpha: false, learns: "head" });
    }
    plan.slice(2).forEach((epoch, i) => {
      assertEquals(epoch, {
        learningRate: cosineLearningRate(i, { ...COURSE, epochs: 4 }),
        updatesAlpha: true,
        learns: "all",
      });
    });
  }
});

Deno.test("finetunePlan() is a search from scratch where no weights were taken over", () => {
  for (const prior of ["none", "alpha"] as const) {
    assertEquals(finetunePlan(prior, SETTINGS), cosinePlan({ ...COURSE, epochs: 6 }));
  }
});

Deno.test("finetunePlan() refuses a warm-up as long as the whole", () => {
  assertThrows(
    () => finetunePlan("both", { ...SETTINGS, epochs: 2 }),
    RangeError,
    "2 of 2 epochs are warm-up, expected 0 to 1",
  );
  assertEquals(finetunePlan("both", { ...SETTINGS, epochs: 0, warmUpEpochs: 0 }), []);
});
