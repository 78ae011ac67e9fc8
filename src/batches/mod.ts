/**
 * Images of one dataset or several in the engine's memory: how they are split, drawn and batched. Knows no files.
 *
 * @module
 */
export * from "./batches.ts";
export * from "./class_weights.ts";
export * from "./default_augmentation.ts";
export * from "./image_sampler.ts";
export * from "./labelled_images.ts";
export * from "./search_split.ts";
