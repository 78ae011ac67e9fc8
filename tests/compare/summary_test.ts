import { isCompareResult } from "../../src/compare/mod.ts";
import { RESULT } from "../report/_comparison_result.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { TargetComparison } from "../../src/compare/mod.ts";
import { summarise, summariseTarget } from "../../src/compare/summary.ts";
import { armRun } from "../pipelines/_comparison.ts";

const scratch = (seed: number, testAccuracy: number) =>
  armRun(seed, [0.2, 0.4, 0.6, 0.8], { best: 0.8, testAccuracy, budgetEpochs: 4 });
/** Reaches 90 % of scratch's best at once; one never gets to all of it. */
const selected = (seed: number, accuracies: number[], testAccuracy: number) =>
  armRun(seed, accuracies, { best: 0.8, testAccuracy, source: seed === 0 ? "near" : "nearer", budgetEpochs: 4 });

const TARGETS: TargetComparison[] = [
  summariseTarget("a", [
    { arm: "scratch", seeds: [scratch(0, 0.5), scratch(1, 0.6)] },
    { arm: "selected", seeds: [selected(0, [0.75, 0.8], 0.7), selected(1, [0.75, 0.9], 0.7)] },
  ]),
  summariseTarget("b", [
    { arm: "scratch", seeds: [scratch(0, 0.5), scratch(1, 0.5)] },
    { arm: "selected", seeds: [selected(0, [0.75, 0.76], 0.6), selected(1, [0.1, 0.9], 0.5)] },
  ]),
];

Deno.test("summariseTarget() sets arms against scratch, seed by seed", () => {
  const [first, second] = TARGETS[0]!.arms;
  assertEquals([first!.source, first!.againstScratch], [null, null]);
  assertEquals(second!.source, "near, nearer");
  const { mean, better, worse, count, p } = second!.againstScratch!;
  assertAlmostEquals(mean!, 0.15, 1e-12);
  assertEquals([better, worse, count, p], [2, 0, 2, 0.5]);
});

Deno.test("summarise() takes geometric means over targets of how much sooner levels are reached", () => {
  const { arms } = summarise(TARGETS);
  const arm = arms.find(({ arm }) => arm === "selected")!;
  assertEquals(arm.reached, { 90: 4, 95: 4, 99: 3, 100: 3 });
  // Scratch needs 4 epochs; a: 1 and 1, b: 1 and 2.
  assertAlmostEquals(arm.fewerEpochs["90"]!.ratio!, Math.sqrt(4 * Math.sqrt(8)), 1e-12);
  assertEquals(arm.fewerEpochs["90"]!.isUpperBound, false);
  assertAlmostEquals(arm.fewerSeconds["90"]!.ratio!, Math.sqrt(4 * Math.sqrt(8)), 1e-12);
  assertEquals(arms.find(({ arm }) => arm === "scratch")!.fewerEpochs["95"], { ratio: 1, isUpperBound: false });
  assertAlmostEquals(arm.fewerTotalSeconds.ratio!, 60 / 40, 1e-12);
});

Deno.test("summarise() counts a level that is never reached with the whole budget, and says that it is a bound", () => {
  const { ratio, isUpperBound } = summarise(TARGETS).arms.find(({ arm }) => arm === "selected")!.fewerEpochs["100"]!;
  // a: 2 and 2 epochs; b: more than its 4, and 2.
  assertAlmostEquals(ratio!, Math.sqrt(2 * Math.sqrt(1 * 2)), 1e-12);
  assertEquals(isUpperBound, true);
});

Deno.test("summarise() tests pairs of arms over runs and over targets", () => {
  const [pair] = summarise(TARGETS).pairs;
  assertEquals([pair!.arm, pair!.against], ["selected", "scratch"]);
  assertEquals([pair!.overRuns.count, pair!.overRuns.better, pair!.overRuns.worse], [4, 3, 0]);
  // Three differences that are not zero: all of one sign in 2 of 8.
  assertEquals(pair!.overRuns.p, 0.25);
  assertAlmostEquals(pair!.overTargets.mean!, 0.1, 1e-12);
  assertEquals([pair!.overTargets.count, pair!.overTargets.p], [2, 0.5]);
});

Deno.test("summarise() measures nothing where there is no search from scratch, or no curve", () => {
  const target = summariseTarget("a", [{ arm: "random-genotype", seeds: [armRun(0, [])] }]);
  const [arm] = summarise([target]).arms;
  assertEquals(arm!.fewerEpochs["95"], { ratio: null, isUpperBound: false });
  assertEquals(arm!.testAccuracy, { count: 1, mean: 0.5, standardError: null });
  assertEquals(summarise([target]).pairs, []);
});

Deno.test("isCompareResult() takes what a comparison writes, and nothing that a report would stumble over", () => {
  const result = JSON.parse(JSON.stringify(RESULT));
  assertEquals(isCompareResult(result), true);
  const [target] = result.targets;
  const [arm] = target.arms;
  const withArm = (change: object) => ({ targets: [{ ...target, arms: [{ ...arm, ...change }] }] });
  const changes: object[] = [
    { command: "search" },
    { seeds: [] },
    { seeds: ["0"] },
    { seconds: null },
    { leftOut: [{}] },
    { targets: [null] },
    withArm({ seeds: [] }),
    withArm({ seeds: [{ ...arm.seeds[0], testAccuracy: null }] }),
    withArm({ seeds: [{ ...arm.seeds[0], curve: [{ epoch: "1" }] }] }),
    withArm({ seeds: [{ ...arm.seeds[0], epochsToReach: {} }] }),
    withArm({ testAccuracy: {} }),
    withArm({ againstScratch: 3 }),
    { summary: { ...result.summary, pairs: {} } },
    { summary: { ...result.summary, arms: [{ ...result.summary.arms[0], fewerEpochs: { 90: 3 } }] } },
  ];
  for (const change of changes) assertEquals(isCompareResult({ ...result, ...change }), false, JSON.stringify(change));
  for (const broken of [null, 3, [], {}]) assertEquals(isCompareResult(broken), false);
});
