/**
 * Runs on disk: folders with configuration, checkpoint, events and results, written so that nothing is ever half there.
 *
 * @module
 */
export { writeAtomic } from "./atomic_file.ts";
export {
  CHECKPOINT_FILE,
  decodeCheckpoint,
  type DecodedCheckpoint,
  encodeCheckpoint,
  readCheckpoint,
  type RunCheckpoint,
  writeCheckpoint,
} from "./checkpoint.ts";
export { readConfiguration } from "./configuration.ts";
export { readEvents, type RunEvent } from "./events.ts";
export * from "./interrupt.ts";
export * from "./json_file.ts";
export * from "./list_runs.ts";
export * from "./open_run.ts";
export * from "./reach.ts";
export { MOST_BYTES, readRegularFile, readRegularText } from "./regular_file.ts";
export * from "./run_directory.ts";
export * from "./run_error.ts";
export * from "./settings.ts";
export * from "./shape.ts";
