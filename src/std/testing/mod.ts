/**
 * Stand-in for `@std/testing`: import `@std/testing/bdd`.
 *
 * @module
 */
export * from "./bdd.ts";
