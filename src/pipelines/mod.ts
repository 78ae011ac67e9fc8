/**
 * The stages: each a function of plain options that works in a run's folder, tells what it does and can be resumed.
 *
 * @module
 */
export * from "./data.ts";
export * from "./demo.ts";
export * from "./evaluate.ts";
export * from "./types.ts";
export * from "./predict.ts";
export * from "./pretrain.ts";
export { type RunResult } from "./result.ts";
export * from "./search.ts";
export { select, SELECT_DEFAULTS, type Selection, type SelectOptions, type SelectResult } from "./select.ts";
export { Session, type SessionOptions } from "./session.ts";
export * from "./settings.ts";
export * from "./train.ts";
export { curvesOf, transfer, TRANSFER_DEFAULTS, type TransferOptions } from "./transfer.ts";
export { listZoo, showZooEntry, signZooEntry } from "./zoo.ts";
