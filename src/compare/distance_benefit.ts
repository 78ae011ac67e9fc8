import type { RankedSource } from "../zoo/mod.ts";
import {
  type ArmRun,
  type DistanceBenefit,
  type DistanceCorrelation,
  SCRATCH,
  type TargetComparison,
} from "./result.ts";
import { spearman, spreadOf } from "./statistics.ts";

/** How far entries of the zoo are from a target, by name. */
export type DistancesOfEntries = ReadonlyMap<string, Pick<RankedSource, "distance" | "relativeDistance">>;

/**
 * Sets the distances of sources beside what they were worth.
 *
 * @param targets The comparison.
 * @param sources By the name of the arm: the entry that all its runs start from.
 * @param distances By target.
 * @returns Pairs and their rank correlation; undefined if there are less than two pairs.
 */
export function correlateDistance(
  targets: readonly TargetComparison[],
  sources: ReadonlyMap<string, string>,
  distances: ReadonlyMap<string, DistancesOfEntries>,
): DistanceCorrelation | undefined {
  const pairs = targets.flatMap(({ name: target, arms }) => {
    const scratch = arms.find(({ arm }) => arm === SCRATCH)?.seeds ?? [];
    return arms.flatMap(({ arm, seeds }): DistanceBenefit[] => {
      const source = sources.get(arm);
      const found = source === undefined ? undefined : distances.get(target)?.get(source);
      if (source === undefined || found === undefined) return [];
      const { distance, relativeDistance } = found;
      const benefit = benefitOf(seeds, scratch);
      return benefit === null ? [] : [{ target, source, distance, relativeDistance, benefit }];
    });
  });
  if (pairs.length < 2) return undefined;
  const correlate = (some: readonly DistanceBenefit[]) =>
    spearman(some.map(({ relativeDistance, benefit }) => [relativeDistance, benefit]));
  const within = targets.flatMap(({ name }) => correlate(pairs.filter(({ target }) => target === name)) ?? []);
  return { pairs, overPairs: correlate(pairs), withinTargets: spreadOf(within).mean };
}

function benefitOf(runs: readonly ArmRun[], scratch: readonly ArmRun[]): number | null {
  const differences = runs.flatMap(({ seed, curve }) => {
    const other = scratch.find((run) => run.seed === seed);
    return spreadOf(curve.flatMap(({ epoch, validAccuracy }) => {
      const theirs = other?.curve.find((point) => point.epoch === epoch)?.validAccuracy;
      return validAccuracy === undefined || theirs === undefined ? [] : [validAccuracy - theirs];
    })).mean ?? [];
  });
  return spreadOf(differences).mean;
}
