/**
 * Datasets in the engine's memory, their parts and batches.
 *
 * @module
 */
export * from "./join_images.ts";
export * from "./task.ts";
