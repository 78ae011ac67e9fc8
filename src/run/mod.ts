/**
 * Runs on disk: folders with configuration, checkpoint, events and results, written so that nothing is ever half there.
 *
 * @module
 */
export * from "./run_error.ts";
export * from "./safetensors.ts";
export * from "./tensor.ts";
