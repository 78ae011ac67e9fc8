/**
 * Files of tensors.
 *
 * @module
 */
export * from "./finite.ts";
export * from "./format_error.ts";
export * from "./safetensors.ts";
export * from "./tensor.ts";
