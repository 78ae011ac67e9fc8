import type { CompareResult } from "../../src/compare/mod.ts";
import { summarise, summariseTarget } from "../../src/compare/summary.ts";
import { armRun } from "../pipelines/_comparison.ts";

/** Runs of scratch on a target, two seeds. */
export const scratch = [0, 1].map((seed) =>
  armRun(seed, [0.4, 0.6, 0.8], { best: 0.8, testAccuracy: 0.8 + seed / 100 })
);
const selected = [0, 1].map((seed) =>
  armRun(seed, seed === 0 ? [0.7, 0.8] : [0.7], { best: 0.8, testAccuracy: 0.85, source: "near", budgetEpochs: 3 })
);
const floor = [0, 1].map((seed) => armRun(seed, [], { best: 0.8, testAccuracy: 0.6, budgetEpochs: 0 }));
const targets = ["hands & feet", "digits"].map((name) =>
  summariseTarget(name, [
    { arm: "scratch", seeds: scratch },
    { arm: "selected", seeds: selected },
    { arm: "random-genotype", seeds: floor },
  ])
);

/** A comparison of three arms on two targets. */
export const RESULT: CompareResult = {
  command: "compare",
  seeds: [0, 1],
  seconds: 100,
  leftOut: [{ arm: "multi", reason: "no such entry" }],
  overlaps: [],
  targets,
  summary: summarise(targets),
};
