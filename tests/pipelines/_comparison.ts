import type { ArmRun } from "../../src/compare/mod.ts";
import type { EpochRecord } from "../../src/stages/mod.ts";
import { findMilestones } from "../../src/compare/milestones.ts";

/** A run of an arm whose curve has these validation accuracies, ten seconds an epoch. */
export function armRun(
  seed: number,
  accuracies: readonly number[],
  options: { best?: number; testAccuracy?: number; source?: string | null; budgetEpochs?: number } = {},
): ArmRun {
  const curve = accuracies.map((validAccuracy, i): EpochRecord => ({
    epoch: i + 1,
    seconds: 10 * (i + 1),
    trainLoss: 1,
    trainAccuracy: 0.5,
    validLoss: 1,
    validAccuracy,
  }));
  const { best, testAccuracy = 0.5, source = null, budgetEpochs = curve.length } = options;
  return {
    seed,
    source,
    folder: `x/seed-${seed}`,
    curve,
    ...findMilestones(curve, best),
    budgetEpochs,
    budgetSeconds: 10 * budgetEpochs,
    bestValidAccuracy: curve.length === 0 ? null : Math.max(...accuracies),
    testAccuracy,
    parameters: 1000 + seed,
    macs: 5000,
    epochs: curve.length + 2,
    seconds: 10 * curve.length + 20,
  };
}
