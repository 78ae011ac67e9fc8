import { assertAlmostEquals, assertEquals } from "@std/assert";
import { findDifference, findLead, isCompareResult, rankArms } from "../../src/compare/mod.ts";
import { summarise, summariseTarget } from "../../src/compare/summary.ts";
import { armRun } from "../pipelines/_comparison.ts";
import { RESULT } from "../report/_comparison_result.ts";

/** A comparison on one target: test accuracy of each arm, two seeds. */
function summaryOf(accuracies: Record<string, number>) {
  const arms = Object.entries(accuracies).map(([arm, accuracy]) => ({
    arm,
    seeds: [0, 1].map((seed) => armRun(seed, [0.5], { best: 0.5, testAccuracy: accuracy + seed / 100 })),
  }));
  return summarise([summariseTarget("hands", arms)]);
}

Deno.test("findLead() takes the best of the transfers and the best of all that needs no supernet", () => {
  const summary = summaryOf({
    scratch: 0.7,
    selected: 0.8,
    "from-broad": 0.85,
    "random-genotype": 0.75,
    "scratch-gdas": 0.82,
    features: 0.81,
  });
  const lead = findLead(summary.arms, summary.pairs)!;
  assertEquals([lead.arm, lead.opponent], ["from-broad", "scratch-gdas"]);
  assertAlmostEquals(lead.overRuns.mean!, 0.03, 1e-12);
  assertEquals([lead.overRuns.better, lead.overRuns.worse], [2, 0]);
  assertEquals(summary.lead, lead);
  const { transfers, opponents } = rankArms(summary.arms);
  assertEquals(transfers.map(({ arm }) => arm), ["from-broad", "selected"]);
  assertEquals(opponents.map(({ arm }) => arm), ["scratch-gdas", "features", "random-genotype", "scratch"]);
});

Deno.test("findLead() of opponents that are ahead is below zero, and there is none without both sides", () => {
  assertAlmostEquals(summaryOf({ evolution: 0.9, multi: 0.8 }).lead!.overTargets.mean!, -0.1, 1e-12);
  assertEquals(summaryOf({ scratch: 0.8, "traditional-head": 0.7 }).lead, undefined);
  assertEquals(summaryOf({ selected: 0.8 }).lead, undefined);
});

Deno.test("findDifference() is the same from both sides but for its sign", () => {
  const { pairs } = summaryOf({ selected: 0.8, "random-genotype": 0.75 });
  const [there, back] = [["selected", "random-genotype"], ["random-genotype", "selected"]].map(([arm, other]) =>
    findDifference(pairs, arm!, other!)!.overRuns
  );
  assertEquals(back, { ...there!, mean: -there!.mean!, better: there!.worse, worse: there!.better });
  assertEquals(findDifference(pairs, "selected", "scratch"), undefined);
});

Deno.test("a result has its lead in the file, and one from before there was any is read all the same", () => {
  const written = JSON.parse(JSON.stringify(RESULT));
  assertEquals([written.summary.lead.arm, written.summary.lead.opponent], ["selected", "scratch"]);
  const { lead: _, ...summary } = written.summary;
  assertEquals([isCompareResult(written), isCompareResult({ ...written, summary })], [true, true]);
  assertEquals(isCompareResult({ ...written, summary: { ...summary, lead: { arm: "selected" } } }), false);
});
