/**
 * Files of tensors.
 *
 * @module
 */
export * from "./finite.ts";
export * from "./format_error.ts";
export * from "./half.ts";
export * from "./int8.ts";
export * from "./network_file.ts";
export * from "./safetensors.ts";
export * from "./seal.ts";
export * from "./sha256.ts";
export * from "./tensor.ts";
