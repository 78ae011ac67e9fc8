/**
 * Datasets in the engine's memory, their parts and batches.
 *
 * @module
 */
export * from "./batches.ts";
export * from "./image_sampler.ts";
export * from "./join_images.ts";
export * from "./labelled_images.ts";
export * from "./search_split.ts";
export * from "./task.ts";
