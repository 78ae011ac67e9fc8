import type { CompareResult } from "../compare/mod.ts";
import type { DemoResult } from "../compare/mod.ts";
import { curvesOf } from "../pipelines/mod.ts";
import { type RunResult, wordFor } from "../stages/mod.ts";
import { formatDuration, formatTable, renderComparison, renderReport } from "../report/mod.ts";
import { percent } from "./terminal.ts";

/** Words the result of a run. */
export function describeResult(result: RunResult, out: string): string {
  return formatTable([
    ["epochs", String(result.epochs)],
    ["seconds", result.seconds.toFixed(1)],
    ...(result.validAccuracy === undefined ? [] : [["supernet's validation accuracy", percent(result.validAccuracy)]]),
    ...(result.testAccuracy === undefined ? [] : [["test accuracy", percent(result.testAccuracy)]]),
    ["parameters", result.parameters.toLocaleString("en")],
    ["multiply-adds", result.macs.toLocaleString("en")],
    ...describeCuts(result),
    ["run", out],
  ]);
}

/** A row on what a time limit took away, if it did. */
export function describeCuts({ timeLimit }: Pick<RunResult, "timeLimit">): string[][] {
  if (!timeLimit?.isCut) return [];
  const cuts = timeLimit.cuts.map(({ stage, planned, epochs }) =>
    `${Number(epochs.toFixed(2))} of ${planned} epochs of the ${wordFor(stage)}`
  );
  return [[`cut by the limit of ${formatDuration(timeLimit.seconds)}`, cuts.join(", ")]];
}

/**
 * Renders the report of a finished run as one HTML page.
 *
 * @param result Its result.
 * @param configuration What it was started with.
 * @returns The page.
 */
export function renderRun(
  result: RunResult | DemoResult | CompareResult,
  configuration: Record<string, unknown>,
): string {
  if (isComparison(result)) return renderComparison(result, configuration);
  if (!isDemo(result)) {
    const { command, data, genotype } = result;
    const arms = [{ name: command, curve: curvesOf(result) }];
    const tables = [...tabulateDatasets(result), ...tabulateCuts(result)];
    return renderReport({
      title: `${TITLES[command] ?? command} ${data}`,
      configuration,
      arms,
      genotype,
      result,
      tables,
    });
  }
  return renderReport({
    title: `Supernet transfer to ${result.target}, beside a search from scratch`,
    configuration,
    arms: result.arms.map(({ arm, result }) => ({ name: arm, curve: curvesOf(result) })),
    genotype: result.arms[0]!.result.genotype,
    result: { ...result, arms: undefined },
    tables: [{ title: "Both arms", rows: tabulateArms(result) }],
  });
}

/** The last epoch's figures for each dataset, if a run had several. */
function tabulateDatasets({ curve }: RunResult) {
  const datasets = curve.at(-1)?.datasets;
  if (datasets === undefined) return [];
  const rows = datasets.map(({ name, trainAccuracy, validLoss, validAccuracy }) => [
    name,
    percent(trainAccuracy),
    validLoss.toFixed(3),
    percent(validAccuracy),
  ]);
  const head = ["dataset", "training accuracy", "validation loss", "validation accuracy"];
  return [{ title: "Datasets at the end", rows: [head, ...rows] }];
}

/** What a time limit took away, if it did. */
function tabulateCuts({ timeLimit }: RunResult) {
  if (!timeLimit?.isCut) return [];
  const rows = timeLimit.cuts.map(({ stage, planned, epochs }) => [
    wordFor(stage),
    String(planned),
    String(Number(epochs.toFixed(2))),
  ]);
  const title = `Cut by the time limit of ${formatDuration(timeLimit.seconds)}`;
  return [{ title, rows: [["stage", "epochs planned", "epochs done"], ...rows] }];
}

const TITLES: Readonly<Record<string, string>> = {
  pretrain: "Pretraining on",
  search: "Search on",
  traditional: "Traditional transfer to",
  train: "Training on",
  transfer: "Transfer to",
  "zoo derive": "Derived network of",
};

function isComparison(result: RunResult | DemoResult | CompareResult): result is CompareResult {
  return result.command === "compare";
}

function isDemo(result: RunResult | DemoResult): result is DemoResult {
  return Array.isArray(result.arms);
}

const MARKS = [1, 2, 3, 4, 5, 10, 20, 50];

/** Both arms of a demonstration side by side: validation accuracy after some epochs, then what came of it. */
export function tabulateArms({ arms }: DemoResult): string[][] {
  const marks = MARKS.filter((mark) => arms.some(({ result }) => result.curve.length >= mark));
  const start = (cell: string) => arms.some(({ result }) => result.start) ? [cell] : [];
  return [
    [
      "",
      ...start("before"),
      ...marks.map((mark) => `after ${mark} epoch${mark > 1 ? "s" : ""}`),
      "test accuracy",
      "parameters",
      "seconds",
    ],
    ...arms.map(({ arm, result }) => [
      arm,
      ...start(result.start === undefined ? "random head" : percent(result.start.validAccuracy!)),
      ...marks.map((mark) => {
        const accuracy = result.curve[mark - 1]?.validAccuracy;
        return accuracy === undefined ? "settled" : percent(accuracy);
      }),
      result.testAccuracy === undefined ? "" : percent(result.testAccuracy),
      result.parameters.toLocaleString("en"),
      result.seconds.toFixed(0),
    ]),
  ];
}
