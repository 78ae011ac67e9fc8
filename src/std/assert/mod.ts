/**
 * Stand-in for `@std/assert`: the part that this project uses, with the same signatures.
 *
 * @module
 */
export * from "./assertion_error.ts";
export * from "./equal.ts";
export * from "./equality.ts";
export * from "./exceptions.ts";
export * from "./numbers.ts";
export * from "./text.ts";
export * from "./truth.ts";
