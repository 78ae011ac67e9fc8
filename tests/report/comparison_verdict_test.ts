import { assertEquals, assertStringIncludes } from "@std/assert";
import { summarise, summariseTarget } from "../../src/compare/summary.ts";
import { judgeComparison } from "../../src/report/mod.ts";
import { armRun } from "../pipelines/_comparison.ts";
import { RESULT } from "./_comparison_result.ts";

/** A comparison on one target: test accuracy of each arm, two seeds. */
function compareArms(accuracies: Record<string, number>) {
  const arms = Object.entries(accuracies).map(([arm, testAccuracy]) => ({
    arm,
    seeds: [0, 1].map((seed) => armRun(seed, [0.5, 0.8], { best: 0.8, testAccuracy: testAccuracy + seed / 100 })),
  }));
  const targets = [summariseTarget("runs/t/hands", arms)];
  return { ...RESULT, targets, summary: summarise(targets) };
}

Deno.test("judgeComparison() gives the lead over the best of all other ways, and over each", () => {
  const { headline, sentences } = judgeComparison(
    compareArms({ scratch: 0.82, multi: 0.85, "random-genotype": 0.84, traditional: 0.8 }),
  );
  assertEquals(headline, "multi: 85.5 % on images never seen, 1.0 point ahead of the best opponent, random-genotype");
  assertStringIncludes(sentences[0]!, "Means over hands, 2 seeds each");
  assertStringIncludes(sentences[1]!, "3.0 points ahead of scratch (within chance)");
});

Deno.test("judgeComparison() says when another way is better", () => {
  const { headline } = judgeComparison(compareArms({ scratch: 0.82, multi: 0.83, "random-genotype": 0.84 }));
  assertStringIncludes(headline, "1.0 point behind the best opponent, random-genotype");
  const level = judgeComparison(compareArms({ scratch: 0.82, multi: 0.82 })).headline;
  assertStringIncludes(level, "level with the best opponent, scratch");
});

Deno.test("judgeComparison() tells the speed to scratch's accuracy", () => {
  assertStringIncludes(judgeComparison(RESULT).sentences.at(-1)!, "times fewer epochs");
});

Deno.test("judgeComparison() warns of arms whose trained network falls behind its search", () => {
  const { warnings } = judgeComparison(compareArms({ scratch: 0.6, multi: 0.9 }));
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0]!, "scratch: the trained network is 19.5 points worse");
  assertStringIncludes(warnings[0]!, "--train-epochs");
});

Deno.test("judgeComparison() of one arm compares it with nothing", () => {
  assertEquals(judgeComparison(compareArms({ scratch: 0.8 })).headline, "scratch: 80.5 % on images never seen");
});

Deno.test("judgeComparison() counts searches by other methods and the baselines among the other ways", () => {
  const own = { scratch: 0.82, selected: 0.85 };
  for (const rival of ["scratch-beta-darts", "random-search", "evolution"]) {
    const { headline } = judgeComparison(compareArms({ ...own, [rival]: 0.87 }));
    assertStringIncludes(
      headline,
      `selected: 85.5 % on images never seen, 2.0 points behind the best opponent, ${rival}`,
    );
  }
});
