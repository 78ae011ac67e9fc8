/** A run that is finished. */
export interface FinishedRun {
  /** Dataset. */
  readonly target: string;
  /** Arm. */
  readonly arm: string;
  /** Seconds that it took. */
  readonly seconds: number;
}

/**
 * Guesses how long runs will take from those that are finished: as long as those of the same arm on the same target, else
 * as those of the same arm (longer or shorter by as much as the target's other runs are), else as all.
 *
 * @param finished Finished runs.
 * @param left Runs that are left.
 * @returns Seconds; undefined if nothing is finished.
 */
export function estimateSecondsLeft(
  finished: readonly FinishedRun[],
  left: readonly { readonly target: string; readonly arm: string }[],
): number | undefined {
  const overall = meanOf(finished);
  if (overall === undefined) return undefined;
  return left.reduce((total, { target, arm }) => {
    const ofArm = finished.filter((run) => run.arm === arm);
    const ofTarget = finished.filter((run) => run.target === target);
    const same = meanOf(ofArm.filter((run) => run.target === target));
    return total + (same ?? (meanOf(ofArm) ?? overall) * ratioOf(finished, ofTarget));
  }, 0);
}

/** How much longer runs of a target take than those of the same arms elsewhere. */
function ratioOf(finished: readonly FinishedRun[], ofTarget: readonly FinishedRun[]): number {
  const pairs = ofTarget.flatMap(({ arm, target, seconds }) => {
    const elsewhere = meanOf(finished.filter((run) => run.arm === arm && run.target !== target));
    return elsewhere === undefined ? [] : [{ seconds, elsewhere }];
  });
  const sum = (what: "seconds" | "elsewhere") => pairs.reduce((total, pair) => total + pair[what], 0);
  return pairs.length === 0 ? 1 : sum("seconds") / sum("elsewhere");
}

function meanOf(runs: readonly FinishedRun[]): number | undefined {
  return runs.length === 0 ? undefined : runs.reduce((sum, { seconds }) => sum + seconds, 0) / runs.length;
}
