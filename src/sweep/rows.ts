import type { JobState, JobStatus } from "../queue/mod.ts";
import { TrialFolders } from "./attempt.ts";
import type { Outcome, TrialProgress } from "./outcome.ts";
import type { FlagValues } from "./study.ts";
import type { Trial } from "./trial.ts";

/** A trial as a study shows it. */
export interface TrialRow extends Outcome {
  /** Its name. */
  readonly id: string;
  /** Values of flags. */
  readonly settings: FlagValues;
  /** How far it is; `failed`: set aside. */
  readonly state: JobState;
  /** How often it was claimed. */
  readonly attempts: number;
  /** Folder of its run; there once it is finished. */
  readonly folder: string;
  /** Who works on it, or did last. */
  readonly worker?: string | undefined;
  /** How far it is, while it runs. */
  readonly progress?: TrialProgress | undefined;
  /** Why it failed last, in one line. */
  readonly error?: string | undefined;
}

/**
 * Tells how the trials of a study stand.
 *
 * @param trials The trials.
 * @param statuses What the queue tells of them, in any order; one that it does not know waits.
 * @param out Folder of the results.
 * @returns A row a trial, in their order.
 */
export function rowsOfTrials(trials: readonly Trial[], statuses: readonly JobStatus[], out: string): TrialRow[] {
  const known = new Map(statuses.map((status) => [status.job.id, status]));
  return trials.map((trial) => {
    const { id, settings } = trial;
    const status = known.get(id);
    return {
      id,
      settings,
      state: status?.state ?? "waiting",
      ...status?.outcome as Outcome | undefined,
      attempts: status?.attempts ?? 0,
      folder: new TrialFolders(out, trial).finished,
      worker: status?.worker,
      progress: status?.state === "running" ? status.progress as TrialProgress | undefined : undefined,
      error: status?.state === "finished" ? undefined : status?.failure?.message,
    };
  });
}
