import {
  type ArmPair,
  type ArmRun,
  type ArmSummary,
  type ComparisonSummary,
  type PairedDifference,
  SCRATCH,
  type Speedup,
  type TargetArm,
  type TargetComparison,
} from "./result.ts";
import { findLead } from "./lead.ts";
import { type ByLevel, LEVELS } from "./milestones.ts";
import { geometricMean, signFlipTest, spreadOf } from "./statistics.ts";

/**
 * What fitting a head counts as, in epochs: a forward pass over the weights' images, where an epoch is a forward and a
 * backward pass, three times as much, over them and half of that or more over alpha's.
 */
const FIT_EPOCHS = 0.25;

/**
 * Adds up the runs of a target.
 *
 * @param name The target.
 * @param arms Its runs by arm.
 * @returns The same with spreads and differences from scratch.
 */
export function summariseTarget(
  name: string,
  arms: readonly { readonly arm: string; readonly seeds: readonly ArmRun[] }[],
): TargetComparison {
  const scratch = arms.find(({ arm }) => arm === SCRATCH)?.seeds;
  return {
    name,
    arms: arms.map(({ arm, seeds }): TargetArm => {
      const sources = [...new Set(seeds.flatMap(({ source }) => source === null ? [] : [source]))];
      return {
        arm,
        source: sources.length === 0 ? null : sources.join(", "),
        testAccuracy: spreadOf(seeds.map(({ testAccuracy }) => testAccuracy)),
        againstScratch: scratch === undefined || arm === SCRATCH ? null : differenceOf(pairUp(seeds, scratch)),
        seeds,
      };
    }),
  };
}

/**
 * Adds up a comparison.
 *
 * @param targets All targets; each has the same arms.
 * @returns Arms over targets, every two arms against each other, and the lead over the best opponent.
 */
export function summarise(targets: readonly TargetComparison[]): ComparisonSummary {
  const names = [...new Set(targets.flatMap(({ arms }) => arms.map(({ arm }) => arm)))];
  const pairs = names.flatMap((arm, i) => names.slice(i + 1).map((other): [string, string] => [arm, other]))
    // Others against scratch, not scratch against them.
    .map(([a, b]): [string, string] => a === SCRATCH ? [b, a] : [a, b]);
  const summary = {
    arms: names.map((arm) => summariseArm(arm, targets)),
    pairs: pairs.map(([arm, against]): ArmPair => {
      const byTarget = targets.map((target) => pairUp(runsOf(target, arm), runsOf(target, against)))
        .filter((differences) => differences.length > 0);
      const means = byTarget.map((differences) => spreadOf(differences).mean!);
      return { arm, against, overRuns: differenceOf(byTarget.flat()), overTargets: differenceOf(means) };
    }),
  };
  return { ...summary, lead: findLead(summary.arms, summary.pairs) };
}

function summariseArm(arm: string, targets: readonly TargetComparison[]): ArmSummary {
  const byTarget = targets.map((target) => runsOf(target, arm)).filter((runs) => runs.length > 0);
  const runs = byTarget.flat();
  const means = byTarget.map((runs) => spreadOf(runs.map(({ testAccuracy }) => testAccuracy)).mean!);
  const meanOf = (what: "parameters" | "seconds") => spreadOf(runs.map((run) => run[what])).mean!;
  const macs = runs.flatMap(({ macs }) => macs ?? []);
  const byLevel = <Value>(value: (level: keyof ByLevel) => Value) =>
    Object.fromEntries(LEVELS.map((level) => [level, value(`${level}`)])) as Record<keyof ByLevel, Value>;
  const against = (ratioOf: (run: ArmRun, scratch: ArmRun) => Ratio | undefined) =>
    speedupOf(targets.map((target) => {
      const scratch = runsOf(target, SCRATCH);
      return runsOf(target, arm).flatMap((run) => {
        const other = scratch.find(({ seed }) => seed === run.seed);
        return (other && ratioOf(run, other)) ?? [];
      });
    }));
  const epochRatio = (level: keyof ByLevel, { epochsToReach, budgetEpochs }: ArmRun, scratch: ArmRun) =>
    ratioOf(scratch.epochsToReach[level], epochsToReach[level], { budget: budgetEpochs, least: FIT_EPOCHS });
  const secondRatio = (level: keyof ByLevel, { secondsToReach, budgetSeconds }: ArmRun, scratch: ArmRun) =>
    ratioOf(scratch.secondsToReach[level], secondsToReach[level], { budget: budgetSeconds, least: 0 });
  return {
    arm,
    runs: runs.length,
    testAccuracy: means.length > 1 ? spreadOf(means) : spreadOf(runs.map(({ testAccuracy }) => testAccuracy)),
    parameters: meanOf("parameters"),
    macs: macs.length < runs.length ? null : spreadOf(macs).mean,
    seconds: meanOf("seconds"),
    reached: byLevel((level) => runs.filter((run) => run.epochsToReach[level] !== null).length),
    fewerEpochs: byLevel((level) => against((run, scratch) => epochRatio(level, run, scratch))),
    fewerSeconds: byLevel((level) => against((run, scratch) => secondRatio(level, run, scratch))),
    fewerTotalSeconds: against((run, scratch) => ({ value: scratch.seconds / run.seconds, isUpperBound: false })),
  };
}

interface Ratio {
  readonly value: number;
  readonly isUpperBound: boolean;
}

/**
 * Scratch's cost over the arm's; if the arm never got there, over its whole budget, which is less than the cost.
 *
 * @param least What less than it counts as.
 */
function ratioOf(
  scratch: number | null,
  arm: number | null,
  { budget, least }: { budget: number; least: number },
): Ratio | undefined {
  if (scratch === null || budget === 0) return undefined;
  return { value: Math.max(scratch, least) / Math.max(arm ?? budget, least), isUpperBound: arm === null };
}

function speedupOf(byTarget: readonly (readonly Ratio[])[]): Speedup {
  const means = byTarget.filter((ratios) => ratios.length > 0)
    .map((ratios) => geometricMean(ratios.map(({ value }) => value))!);
  return { ratio: geometricMean(means), isUpperBound: byTarget.flat().some(({ isUpperBound }) => isUpperBound) };
}

function runsOf({ arms }: TargetComparison, wanted: string): readonly ArmRun[] {
  return arms.find(({ arm }) => arm === wanted)?.seeds ?? [];
}

/** Differences of test accuracy between runs of the same seed. */
function pairUp(runs: readonly ArmRun[], others: readonly ArmRun[]): number[] {
  return runs.flatMap(({ seed, testAccuracy }) => {
    const other = others.find((candidate) => candidate.seed === seed);
    return other === undefined ? [] : [testAccuracy - other.testAccuracy];
  });
}

function differenceOf(differences: readonly number[]): PairedDifference {
  return {
    ...spreadOf(differences),
    better: differences.filter((difference) => difference > 0).length,
    worse: differences.filter((difference) => difference < 0).length,
    p: signFlipTest(differences),
  };
}
