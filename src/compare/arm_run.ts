import { curveFromStart } from "../stages/mod.ts";
import type { ArmResult } from "./arms/arm.ts";
import { bestOf, findMilestones } from "./milestones.ts";
import type { ArmRun } from "./result.ts";

/** A run that a comparison has made. */
export interface FinishedArmRun {
  /** Dataset. */
  readonly target: string;
  /** Name of the arm. */
  readonly arm: string;
  /** The user's seed. */
  readonly seed: number;
  /** Folder of the run within that of the comparison. */
  readonly folder: string;
  /** Epochs planned for its curve. */
  readonly budgetEpochs: number;
  /** Seconds that it took. */
  readonly seconds: number;
  /** What it ended with. */
  readonly result: ArmResult;
}

/** Whether a result is that of a transfer from a source, not of a search from scratch. */
export function isTransfer({ command, prior }: ArmResult): boolean {
  return command === "transfer" && prior !== "none";
}

/**
 * Describes a run for the result of a comparison.
 *
 * @param run The run.
 * @param best Best validation accuracy of the search from scratch with its seed; undefined if there is none.
 * @returns Its figures, and when it reached shares of the best.
 */
export function describeRun({ seed, folder, budgetEpochs, result }: FinishedArmRun, best: number | undefined): ArmRun {
  const { testAccuracy, parameters, macs, epochs, seconds } = result;
  const curve = curveFromStart(result);
  const last = curve.at(-1)!;
  const hasSource = ["traditional", "features"].includes(result.command) || isTransfer(result);
  return {
    seed,
    source: hasSource ? result.source as string : null,
    folder,
    curve,
    ...findMilestones(curve, best),
    budgetEpochs,
    // A fitted head alone is epoch 0, and that is all.
    budgetSeconds: last.epoch === 0 ? last.seconds : last.seconds * budgetEpochs / last.epoch,
    bestValidAccuracy: bestOf(curve) ?? null,
    testAccuracy: testAccuracy!,
    parameters,
    macs,
    epochs,
    seconds,
  };
}
