/**
 * Pretraining by many workers: rounds of steps on shares of the images, then the mean of what they learnt.
 *
 * @module
 */
export * from "./coordinator.ts";
export * from "./outer_step.ts";
export { RoundFiles } from "./round_files.ts";
export * from "./round_job.ts";
export * from "./round_worker.ts";
