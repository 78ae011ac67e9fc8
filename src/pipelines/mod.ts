/**
 * The pipelines, one verb a file: each a function of plain options that works in a run's folder, tells what it does and can be
 * resumed.
 *
 * @module
 */
export * from "./data.ts";
export { DERIVE_DEFAULTS, deriveEntry, type DeriveOptions } from "./derive_entry.ts";
export * from "./evaluate.ts";
export * from "./export.ts";
export type { ImageCounts } from "./export_images.ts";
export { features, FEATURES_DEFAULTS, type FeaturesOptions, type FeaturesResult } from "./features.ts";
export { importData, type ImportResult } from "./import_data.ts";
export * from "./pareto.ts";
export type { SizeBudget } from "./pareto/result.ts";
export type { BudgetRows } from "./pareto/rows.ts";
export * from "./predict.ts";
export * from "./pretrain.ts";
export * from "./search.ts";
export { randomSearch, type RandomSearchOptions } from "./random_search.ts";
export { select, type SelectResult } from "./select.ts";
export { traditional, TRADITIONAL_DEFAULTS, type TraditionalOptions } from "./traditional.ts";
export * from "./train.ts";
export { alphaLearningRateFor, transfer, TRANSFER_DEFAULTS, type TransferOptions } from "./transfer.ts";
