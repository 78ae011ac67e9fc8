import {
  type ArmPair,
  type ArmSummary,
  type CompareResult,
  findDifference,
  type PairedDifference,
  rankArms,
  SCRATCH,
} from "../compare/mod.ts";
import type { Verdict } from "./verdict.ts";
import { formatPoints, formatShare, listOf, nameOf } from "./words.ts";
import { formatDuration } from "../text/mod.ts";

/** A mean so far below the supernet's best is more than the choice of the best epoch explains. */
const TOLERANCE = 0.02;
/** Probabilities above this are no evidence. */
const CHANCE = 0.05;

/**
 * Judges a comparison: the best supernet transfer against the best of all its opponents, not only against the weakest.
 *
 * @param result The comparison.
 * @returns The verdict.
 */
export function judgeComparison(result: CompareResult): Verdict {
  const { transfers, opponents } = rankArms(result.summary.arms);
  const best = transfers[0] ?? opponents[0];
  const rivals = opponents.filter((arm) => arm !== best);
  if (best === undefined) {
    return { headline: `Done in ${formatDuration(result.seconds)}`, sentences: [], warnings: [], next: [] };
  }
  return {
    headline: headlineOf(best, rivals[0]),
    sentences: [
      describeScope(result),
      describeLeads(result, best, rivals),
      describeSpeed(best),
    ].filter((text) => text !== ""),
    warnings: warningsOf(result),
    next: [],
  };
}

function headlineOf({ arm, testAccuracy }: ArmSummary, rival: ArmSummary | undefined): string {
  const own = `${arm}: ${formatShare(testAccuracy.mean!)} on images never seen`;
  if (rival === undefined) return own;
  const lead = testAccuracy.mean! - rival.testAccuracy.mean!;
  if (Math.abs(lead) < 0.0005) return `${own}, level with the best opponent, ${rival.arm}`;
  return `${own}, ${formatPoints(lead)} ${lead > 0 ? "ahead of" : "behind"} the best opponent, ${rival.arm}`;
}

function describeScope({ targets, seeds, seconds }: CompareResult): string {
  const data = targets.length > 3 ? `${targets.length} targets` : listOf(targets.map(({ name }) => nameOf(name)));
  const draws = seeds.length === 1 ? "one seed" : `${seeds.length} seeds`;
  return `Means over ${data}, ${draws} each; ${formatDuration(seconds)} for all runs.`;
}

/** The lead over each other way, with what chance has to say of it. */
function describeLeads({ summary }: CompareResult, transfer: ArmSummary, rivals: readonly ArmSummary[]): string {
  const leads = rivals.flatMap(({ arm }) => {
    const difference = describeDifference(summary.pairs, transfer.arm, arm);
    return difference === undefined ? [] : [difference];
  });
  return leads.length === 0 ? "" : `Over the same runs ${transfer.arm} is ${listOf(leads)}.`;
}

function describeDifference(pairs: readonly ArmPair[], arm: string, against: string): string | undefined {
  const runs = findDifference(pairs, arm, against)?.overRuns;
  if (runs === undefined || runs.mean === null) return undefined;
  const lead = runs.mean;
  if (Math.abs(lead) < 0.0005) return `level with ${against}`;
  const words = `${formatPoints(lead)} ${lead > 0 ? "ahead of" : "behind"} ${against}`;
  return isChance(runs) ? `${words} (within chance)` : words;
}

function isChance({ p }: PairedDifference): boolean {
  return p === null || p > CHANCE;
}

function describeSpeed({ arm, fewerEpochs, fewerSeconds }: ArmSummary): string {
  const [epochs, seconds] = [fewerEpochs["95"], fewerSeconds["95"]];
  if (arm === SCRATCH || !epochs || !seconds || epochs.ratio === null || seconds.ratio === null) return "";
  const most = epochs.isUpperBound || seconds.isUpperBound ? "at most " : "";
  return `To 95 % of the best accuracy of scratch, ${arm} needs ${most}${epochs.ratio.toFixed(1)} times fewer epochs ` +
    `and ${most}${seconds.ratio.toFixed(1)} times fewer seconds.`;
}

function warningsOf({ targets }: CompareResult): string[] {
  const arms = [...new Set(targets.flatMap(({ arms }) => arms.map(({ arm }) => arm)))];
  return arms.flatMap((name) => {
    const runs = targets.flatMap(({ arms }) => arms.find(({ arm }) => arm === name)?.seeds ?? []);
    const losses = runs.flatMap(({ bestValidAccuracy, testAccuracy }) =>
      bestValidAccuracy === null ? [] : [bestValidAccuracy - testAccuracy]
    );
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    if (losses.length === 0 || mean <= TOLERANCE) return [];
    return [
      `${name}: the trained network is ${formatPoints(mean)} worse on test images than the network of its search ` +
      "was on held-out ones: give it more epochs with --train-epochs.",
    ];
  });
}
