import type { ArmPair, ArmSummary, Lead, PairedDifference } from "./result.ts";

/** Arms that need no supernet: searches from scratch, baselines, and networks and features that are taken over. */
const OPPONENTS = /^(scratch(-.*)?|random-(genotype|search)|evolution|features|traditional(-.*)?)$/;

/** Differences of two arms, whichever of them comes first in a comparison's pairs. */
export type ArmDifference = Pick<ArmPair, "overRuns" | "overTargets">;

/**
 * Ranks the arms of a comparison.
 *
 * @param arms Arms over all targets.
 * @returns Supernet transfers and their opponents, both the best first by mean test accuracy.
 */
export function rankArms(arms: readonly ArmSummary[]): { transfers: ArmSummary[]; opponents: ArmSummary[] } {
  const ranked = arms.filter(({ testAccuracy }) => testAccuracy.mean !== null)
    .toSorted((a, b) => b.testAccuracy.mean! - a.testAccuracy.mean!);
  const isOpponent = ({ arm }: ArmSummary) => OPPONENTS.test(arm);
  return { transfers: ranked.filter((arm) => !isOpponent(arm)), opponents: ranked.filter(isOpponent) };
}

/**
 * How far an arm is ahead of another.
 *
 * @param pairs Every two arms, in one order or the other.
 * @param arm The one.
 * @param against The other.
 * @returns Differences over runs and over targets; undefined if there is no such pair.
 */
export function findDifference(pairs: readonly ArmPair[], arm: string, against: string): ArmDifference | undefined {
  const pair = pairs.find((pair) => pair.arm === arm && pair.against === against);
  if (pair !== undefined) return { overRuns: pair.overRuns, overTargets: pair.overTargets };
  const other = pairs.find((pair) => pair.arm === against && pair.against === arm);
  return other && { overRuns: turn(other.overRuns), overTargets: turn(other.overTargets) };
}

/**
 * The best supernet transfer against the best of all its opponents, not only against the weakest.
 *
 * @param arms Arms over all targets.
 * @param pairs Every two of them.
 * @returns The lead; undefined without a transfer or an opponent.
 */
export function findLead(arms: readonly ArmSummary[], pairs: readonly ArmPair[]): Lead | undefined {
  const { transfers: [transfer], opponents: [opponent] } = rankArms(arms);
  if (transfer === undefined || opponent === undefined) return undefined;
  const difference = findDifference(pairs, transfer.arm, opponent.arm);
  return difference && { arm: transfer.arm, opponent: opponent.arm, ...difference };
}

/** The same seen from the other arm. */
function turn({ mean, better, worse, ...others }: PairedDifference): PairedDifference {
  return { ...others, mean: mean === null ? null : 0 - mean, better: worse, worse: better };
}
