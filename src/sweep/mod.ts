/**
 * Studies: many runs of a command, by any number of workers over a queue.
 *
 * @module
 */
export { fetchFinished, TrialFolders } from "./attempt.ts";
export { sendInputs } from "./carried_inputs.ts";
export { type Launch, runChild } from "./child.ts";
export * from "./estimate.ts";
export type { Outcome, TrialProgress } from "./outcome.ts";
export { Inputs } from "./inputs.ts";
export * from "./run_trial.ts";
export * from "./slurm.ts";
export * from "./study.ts";
export * from "./trial.ts";
export * from "./rows.ts";
