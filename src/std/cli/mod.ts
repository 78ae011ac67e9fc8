/**
 * Stand-in for `@std/cli`: the part that this project uses, with the same signatures.
 *
 * @module
 */
export * from "./parse_args.ts";
