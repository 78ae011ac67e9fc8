/**
 * Words for messages.
 *
 * @module
 */
export { countOf } from "./count.ts";
export { harmless, harmlessJson } from "./harmless.ts";
export { listSome } from "./list_some.ts";
export { didYouMean, nearest } from "./nearest.ts";
