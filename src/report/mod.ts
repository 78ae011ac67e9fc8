/**
 * What users see: progress, tables, the report of a run.
 *
 * @module
 */
export { renderComparison, tabulateComparison } from "./comparison.ts";
export * from "./duration.ts";
export { createProgress, type Progress, type ProgressOptions, type ProgressUpdate, terminalWidth } from "./progress.ts";
export { type CurvePoint, renderReport, type Report } from "./report_html.ts";
export { type Alignment, formatTable } from "./table.ts";
