/**
 * Words for messages, tables and progress, for people at a terminal.
 *
 * @module
 */
export { countOf } from "./count.ts";
export { formatDuration } from "./duration.ts";
export { harmless, harmlessJson } from "./harmless.ts";
export { listSome } from "./list_some.ts";
export { didYouMean, nearest } from "./nearest.ts";
export {
  type CountProgress,
  createProgress,
  type Progress,
  type ProgressOptions,
  type ProgressUpdate,
  terminalWidth,
} from "./progress.ts";
export { type Alignment, alignmentOf, formatTable, NOT_MEASURED } from "./table.ts";
