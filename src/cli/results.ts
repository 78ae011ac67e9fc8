import type { CompareResult, DemoResult } from "../compare/mod.ts";
import {
  formatShare,
  judgeComparison,
  judgeDemo,
  judgePareto,
  judgeRun,
  renderComparison,
  renderDemoReport,
  renderPareto,
  renderRunReport,
  type ReportOptions,
  tabulateArms,
  tabulateComparison,
  tabulatePareto,
} from "../report/mod.ts";
import { isParetoResult, type ParetoResult } from "../pipelines/mod.ts";
import type { RunResult } from "../stages/mod.ts";
import { describePublished } from "./terminal.ts";
import { formatTable } from "../text/mod.ts";

/** What `result.json` of any command may hold. */
export type AnyResult = RunResult | DemoResult | CompareResult | ParetoResult;

/**
 * Words the result of a run: the verdict, its figures, and what went wrong.
 *
 * @param result The result.
 * @param out Folder of the run.
 * @returns Lines without a newline at the end.
 */
export function describeResult(result: RunResult, out: string): string {
  const { start, validAccuracy, testAccuracy, epochs, seconds, parameters, macs } = result;
  const learner = result.command === "traditional" ? "finetuned network" : "supernet";
  const share = (name: string, value: number | undefined) => value === undefined ? [] : [[name, formatShare(value)]];
  const table = formatTable([
    ...share("validation accuracy, fitted head alone", start?.validAccuracy),
    ...share(`validation accuracy, ${learner}`, validAccuracy),
    ...share("test accuracy, trained network", testAccuracy),
    ...result.nasbench201 === undefined ? [] : [["published", describePublished(result.nasbench201)]],
    ["parameters", parameters.toLocaleString("en")],
    ["multiply-adds", macs.toLocaleString("en")],
    ["epochs", String(epochs)],
    ["seconds", seconds.toFixed(1)],
    ["run", out],
    ["report", `${out}/report.html`],
  ]);
  const { headline, warnings } = judgeRun(result, out);
  return [headline, "", table, ...paragraphs(warnings), ""].join("\n");
}

/** Words the result of a demonstration: the verdict, both arms, and what went wrong. */
export function describeDemo(result: DemoResult, out: string): string {
  const { headline, warnings } = judgeDemo(result, out);
  return [headline, "", formatTable(tabulateArms(result)), ...paragraphs(warnings), ""].join("\n");
}

/** Words a comparison: the verdict, all tables, and what went wrong. */
export function describeComparison(result: CompareResult): string {
  const { headline, sentences, warnings } = judgeComparison(result);
  const tables = tabulateComparison(result).map(({ title, rows }) => `${title}\n${formatTable(rows)}`);
  return [headline, ...sentences, ...paragraphs([...tables, ...warnings]), ""].join("\n");
}

/** Words networks of every size: the verdict, the table, and what can be done with them. */
export function describePareto(result: ParetoResult, out: string): string {
  const { headline, sentences, next } = judgePareto(result, out);
  const table = formatTable(tabulatePareto(result));
  return [
    headline,
    ...sentences,
    ...paragraphs([table, `Report: ${out}/report.html`]),
    ...next.map((line) => `Next: ${line}`),
  ]
    .join("\n");
}

function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text) => ["", text]);
}

/**
 * Renders the report of a finished run as one HTML page.
 *
 * @param result Its result.
 * @param options What it was started with, its folder, its history.
 * @returns The page.
 */
export function renderRun(result: AnyResult, options: ReportOptions): string {
  if (isComparison(result)) return renderComparison(result, options);
  if (isParetoResult(result)) return renderPareto(result, options);
  return isDemo(result) ? renderDemoReport(result, options) : renderRunReport(result, options);
}

function isComparison(result: AnyResult): result is CompareResult {
  return result.command === "compare";
}

function isDemo(result: RunResult | DemoResult): result is DemoResult {
  return Array.isArray(result.arms);
}
