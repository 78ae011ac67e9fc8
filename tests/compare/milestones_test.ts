import { assertEquals } from "@std/assert";
import { bestOf, findMilestones } from "../../src/compare/milestones.ts";

const curveOf = (...accuracies: (number | undefined)[]) =>
  accuracies.map((accuracy, i) => ({
    epoch: i + 1,
    seconds: 10 * (i + 1),
    trainLoss: 1,
    trainAccuracy: 0.5,
    ...(accuracy !== undefined && { validAccuracy: accuracy }),
  }));

Deno.test("findMilestones() finds the first epoch of each level, and says where there is none", () => {
  assertEquals(findMilestones(curveOf(0.5, 0.72, 0.71, 0.76, 0.79), 0.8), {
    epochsToReach: { 90: 2, 95: 4, 99: null, 100: null },
    secondsToReach: { 90: 20, 95: 40, 99: null, 100: null },
  });
});

Deno.test("findMilestones() of a curve by its own best reaches everything, whatever the rounding", () => {
  for (const best of [0.1 + 0.2, 2 / 3, 0.977]) {
    assertEquals(findMilestones(curveOf(0.01, best), best).epochsToReach, { 90: 2, 95: 2, 99: 2, 100: 2 });
  }
});

Deno.test("findMilestones() reaches nothing without a reference or without held-out images", () => {
  const nothing = { 90: null, 95: null, 99: null, 100: null };
  assertEquals(findMilestones(curveOf(0.5), undefined).epochsToReach, nothing);
  assertEquals(findMilestones(curveOf(undefined), 0.5).secondsToReach, nothing);
});

Deno.test("bestOf() is the highest validation accuracy", () => {
  assertEquals([bestOf(curveOf(0.2, 0.6, 0.5)), bestOf(curveOf(undefined)), bestOf([])], [0.6, undefined, undefined]);
});
