/**
 * Datasets in the engine's memory, their parts and batches.
 *
 * @module
 */
export * from "./batches.ts";
export * from "./image_sampler.ts";
export * from "./joint_task.ts";
export * from "./mixture.ts";
export * from "./search_task.ts";
export * from "./task.ts";
