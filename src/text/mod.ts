/**
 * Words for messages.
 *
 * @module
 */
export { didYouMean, nearest } from "./nearest.ts";
