/**
 * The stages: each a function of plain options that works in a run's folder, tells what it does and can be resumed.
 *
 * @module
 */
export { compare } from "./compare.ts";
export { COMPARE_DEFAULTS, type CompareOptions } from "./compare_arms.ts";
export * from "./compare_result.ts";
export * from "./data.ts";
export * from "./demo.ts";
export { DERIVE_DEFAULTS, deriveEntry, type DeriveOptions } from "./derive_entry.ts";
export * from "./evaluate.ts";
export { type ByLevel, type Level, LEVELS } from "./milestones.ts";
export * from "./types.ts";
export * from "./predict.ts";
export * from "./pretrain.ts";
export { type RunResult } from "./result.ts";
export * from "./search.ts";
export { select, SELECT_DEFAULTS, type Selection, type SelectOptions, type SelectResult } from "./select.ts";
export { Session, type SessionOptions } from "./session.ts";
export * from "./settings.ts";
export { type Spread } from "./statistics.ts";
export { traditional, TRADITIONAL_DEFAULTS, type TraditionalOptions } from "./traditional.ts";
export * from "./train.ts";
export { alphaLearningRateFor, curvesOf, transfer, TRANSFER_DEFAULTS, type TransferOptions } from "./transfer.ts";
export { type EntryCheck, verifyZoo } from "./verify_zoo.ts";
export { listZoo, showZooEntry, signZooEntry } from "./zoo.ts";
