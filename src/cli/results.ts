import { curvesOf, type RunResult } from "../pipelines/mod.ts";
import { formatTable, renderReport } from "../report/mod.ts";
import { percent } from "./terminal.ts";

/** Words the result of a run. */
export function describeResult(result: RunResult, out: string): string {
  const rows = [
    ["epochs", String(result.epochs)],
    ["seconds", result.seconds.toFixed(1)],
    ...(result.validAccuracy === undefined ? [] : [["supernet's validation accuracy", percent(result.validAccuracy)]]),
    ...(result.testAccuracy === undefined ? [] : [["test accuracy", percent(result.testAccuracy)]]),
    ["parameters", result.parameters.toLocaleString("en")],
    ["multiply-adds", result.macs.toLocaleString("en")],
    ["run", out],
  ];
  return formatTable(rows);
}

/** Renders the report of a run with one arm. */
export function reportOf(title: string, result: RunResult, configuration: Record<string, unknown>): string {
  return renderReport({
    title,
    configuration,
    arms: [{ name: result.command, curve: curvesOf(result) }],
    genotype: result.genotype,
    result,
  });
}
