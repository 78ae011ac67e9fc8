/**
 * What users see: progress, tables, the report of a run.
 *
 * @module
 */
export { renderContactSheet } from "./contact_sheet.ts";
export { renderComparison } from "./comparison_report.ts";
export { tabulateComparison } from "./comparison_tables.ts";
export { judgeComparison } from "./comparison_verdict.ts";
export { renderPareto } from "./pareto_report.ts";
export { tabulatePareto } from "./pareto_table.ts";
export { judgePareto } from "./pareto_verdict.ts";
export { renderInspection } from "./inspection_page.ts";
export { summariseInspection } from "./inspection_summary.ts";
export { judgeInspection } from "./inspection_verdict.ts";
export { renderDemoReport, renderRunReport, type ReportOptions, tabulateArms } from "./run_report.ts";
export { type RunSummary, summariseRun, tabulateRuns } from "./runs_table.ts";
export { judgeSideBySide, renderSideBySide } from "./side_by_side.ts";
export { type ComparedRun, tabulateSideBySide } from "./side_by_side_tables.ts";
export { renderStudy } from "./study_page.ts";
export { encodeTensorboard } from "./tensorboard.ts";
export { encodeOptuna } from "./optuna.ts";
export { tabulateClasses, tabulateConfused, tabulateConfusion } from "./test_tables.ts";
export { judgeDemo, judgeRun, type Verdict } from "./verdict.ts";
export { formatCount, formatShare, nameOf } from "./words.ts";
