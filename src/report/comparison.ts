import {
  type ArmRun,
  type ArmSummary,
  type CompareResult,
  type Level,
  LEVELS,
  type PairedDifference,
  type Speedup,
  type Spread,
  type TargetArm,
  type TargetComparison,
} from "../compare/mod.ts";
import { drawChart, type Series } from "./chart.ts";
import { formatDuration } from "./duration.ts";
import { escapeHtml } from "./html.ts";
import { renderProperties, renderTable } from "./html_table.ts";
import { renderPage, renderPanel, renderSection } from "./page.ts";
import { COLOR_COUNT } from "./style.ts";

/** A table with a title; its first row holds the headings. */
export interface TitledTable {
  /** Title. */
  readonly title: string;
  /** Cells, row by row. */
  readonly rows: readonly (readonly string[])[];
}

/** The arm that others are measured by. */
const SCRATCH = "scratch";

const NOT_MEASURED = "not measured";

/**
 * Sets a comparison out in tables: accuracy of the arms, how much sooner they are there, and all of it target by target.
 *
 * @param result The comparison.
 * @returns The tables; those without a row are left out.
 */
export function tabulateComparison(result: CompareResult): TitledTable[] {
  const { summary, targets, leftOut, overlaps } = result;
  return [
    {
      title: `Test accuracy over ${targets.length} targets and ${result.seeds.length} seeds`,
      rows: accuracyRows(result),
    },
    {
      title: "Times fewer than scratch to reach a share of its best validation accuracy",
      rows: speedRows(summary.arms),
    },
    { title: "Target by target, means over seeds", rows: targetRows(targets) },
    ...distanceTables(result),
    {
      title: "Entries pretrained on a target itself, which is then no test of new data",
      rows: [["target", "entry"], ...overlaps.map(({ target, entry }) => [target, entry])],
    },
    { title: "Left out", rows: [["arm", "why"], ...leftOut.map(({ arm, reason }) => [arm, reason])] },
  ].filter(({ rows }) => rows.length > 1);
}

/**
 * Renders a comparison as one HTML page: tables, and for each target the curves of all arms, means over seeds with the
 * range of the seeds around them.
 *
 * @param result The comparison.
 * @param configuration What it was started with.
 * @returns The page.
 */
export function renderComparison(result: CompareResult, configuration: Readonly<Record<string, unknown>>): string {
  const tables = tabulateComparison(result).map(({ title, rows }) =>
    renderSection(title, renderPanel(renderTable(rows)))
  );
  const arms = result.summary.arms.map(({ arm }) => arm);
  const legend = arms.map((arm, i) =>
    `<li class="color${i % COLOR_COUNT}"><i></i><span>${escapeHtml(arm)}</span></li>`
  );
  const note = "<li>mean over seeds, from the lowest to the highest of them; accuracy on held-out images</li>";
  const curves = result.targets.map((target) => {
    const charts = (["epoch", "seconds"] as const).map((x) => drawTarget(target, arms, x)).filter((chart) =>
      chart !== ""
    );
    return renderSection(
      target.name,
      charts.length === 0
        ? ""
        : `<ul class="legend">${legend.join("")}${note}</ul>\n<div class="grid2">${
          charts.map(renderPanel).join("\n")
        }</div>`,
    );
  });
  const settings = [["Result", renderProperties({ ...result, leftOut: undefined, overlaps: undefined })], [
    "Configuration",
    renderProperties(configuration),
  ]].map(([title, table]) => renderSection(title!, table === "" ? "" : renderPanel(table!)));
  const title = `Comparison on ${result.targets.map(({ name }) => name).join(", ")}`;
  return renderPage(title, [...tables, ...curves, `<div class="grid2">${settings.join("\n")}</div>`]);
}

function accuracyRows({ summary }: CompareResult): string[][] {
  const against = (arm: string): string[] => {
    const pair = summary.pairs.find((pair) => pair.arm === arm && pair.against === SCRATCH);
    if (pair === undefined) return ["", "", "", ""];
    const { overRuns, overTargets } = pair;
    return [points(overRuns), `${overRuns.better}:${overRuns.worse}`, chance(overRuns.p), chance(overTargets.p)];
  };
  return [
    [
      "arm",
      "test accuracy",
      "against scratch",
      "better:worse",
      "p over runs",
      "p over targets",
      "parameters",
      "macs",
      "time",
    ],
    ...summary.arms.map(({ arm, testAccuracy, parameters, macs, seconds }) => [
      arm,
      share(testAccuracy),
      ...against(arm),
      count(parameters),
      count(macs),
      formatDuration(seconds),
    ]),
  ];
}

function speedRows(arms: readonly ArmSummary[]): string[][] {
  const measured = arms.filter(({ arm, fewerTotalSeconds }) => arm !== SCRATCH && fewerTotalSeconds.ratio !== null);
  return [
    [
      "arm",
      ...LEVELS.map((level) => `epochs to ${level} %`),
      ...LEVELS.map((level) => `seconds to ${level} %`),
      "seconds in all",
      `runs that reached ${LEVELS.join("/")} %`,
    ],
    ...measured.map(({ arm, runs, reached, fewerEpochs, fewerSeconds, fewerTotalSeconds }) => [
      arm,
      ...LEVELS.map((level) => times(fewerEpochs[level]!)),
      ...LEVELS.map((level) => times(fewerSeconds[level]!)),
      times(fewerTotalSeconds),
      `${LEVELS.map((level) => reached[`${level}`]).join("/")} of ${runs}`,
    ]),
  ];
}

function targetRows(targets: readonly TargetComparison[]): string[][] {
  return [
    [
      "target",
      "arm",
      "source",
      "best validation",
      "test accuracy",
      "against scratch",
      ...LEVELS.map((level) => `epochs to ${level} %`),
      "seconds to 95 %",
      "seconds to 100 %",
      "seconds in all",
      "parameters",
    ],
    ...targets.flatMap(({ name, arms }) => {
      const hasScratch = arms.some(({ arm }) => arm === SCRATCH);
      const whenReached = (...parts: Parameters<typeof later>) => hasScratch ? later(...parts) : NOT_MEASURED;
      return arms.map((arm) => [
        name,
        arm.arm,
        arm.source ?? "",
        bestValidation(arm),
        share(arm.testAccuracy),
        arm.againstScratch === null ? "" : points(arm.againstScratch),
        ...LEVELS.map((level) => whenReached(arm.seeds, ({ epochsToReach }) => epochsToReach[level], "budgetEpochs")),
        ...(["95", "100"] as Level[]).map((level) =>
          whenReached(arm.seeds, ({ secondsToReach }) => secondsToReach[level], "budgetSeconds")
        ),
        count(meanOf(arm.seeds.map(({ seconds }) => seconds))),
        count(meanOf(arm.seeds.map(({ parameters }) => parameters))),
      ]);
    }),
  ];
}

function distanceTables({ distance }: CompareResult): TitledTable[] {
  if (distance === undefined) return [];
  const { pairs, overPairs, withinTargets } = distance;
  const rho = (value: number | null) => value === null ? "none" : value.toFixed(2).replace("-", "−");
  return [{
    title: `Distance and benefit: Spearman ${rho(overPairs)} over all pairs, ${rho(withinTargets)} within targets ` +
      "(negative: nearer sources are worth more)",
    rows: [
      ["target", "source", "distance", "of the target's mean cost", "ahead of scratch"],
      ...pairs.map(({ target, source, distance, relativeDistance, benefit }) => [
        target,
        source,
        distance.toPrecision(4),
        relativeDistance.toPrecision(3),
        `${benefit < 0 ? "−" : "+"}${Math.abs(100 * benefit).toFixed(1)}`,
      ]),
    ],
  }];
}

function bestValidation({ seeds }: TargetArm): string {
  const best = seeds.flatMap(({ bestValidAccuracy }) => bestValidAccuracy === null ? [] : [bestValidAccuracy]);
  return best.length === 0 ? NOT_MEASURED : `${(100 * meanOf(best)).toFixed(1)} %`;
}

/** Mean of when a level was reached; where a run never did, its whole budget counts and the mean is a lower bound. */
function later(
  runs: readonly ArmRun[],
  reached: (run: ArmRun) => number | null,
  budget: "budgetEpochs" | "budgetSeconds",
): string {
  if (runs.some((run) => run.budgetEpochs === 0 || run.bestValidAccuracy === null)) return NOT_MEASURED;
  const mean = meanOf(runs.map((run) => reached(run) ?? run[budget])).toFixed(1);
  return runs.some((run) => reached(run) === null) ? `> ${mean}` : mean;
}

function drawTarget({ arms }: TargetComparison, names: readonly string[], x: "epoch" | "seconds"): string {
  const series = arms.flatMap(({ arm, seeds }): Series[] => {
    const curves = seeds.map(({ curve }) => curve).filter((curve) =>
      curve.some((point) => hasValue(point.validAccuracy))
    );
    const length = Math.max(0, ...curves.map((curve) => curve.length));
    // A run that has settled stays where it is.
    const columns = Array.from({ length }, (_, i) => curves.map((curve) => curve[Math.min(i, curve.length - 1)]!));
    const places = columns.map((column) =>
      x === "epoch" ? Math.max(...column.map(({ epoch }) => epoch)) : meanOf(column.map(({ seconds }) => seconds))
    );
    const values = columns.map((column) => column.map(({ validAccuracy }) => validAccuracy).filter(hasValue));
    return [{
      name: arm,
      color: names.indexOf(arm) % COLOR_COUNT,
      points: values.map((column, i) => [places[i]!, meanOf(column)]),
      ...(seeds.length > 1 && {
        band: values.map((column, i) => [places[i]!, Math.min(...column), Math.max(...column)] as const),
      }),
    }];
  });
  const title = `Accuracy on held-out images by ${x}`;
  return drawChart({ title, xLabel: x, series, isShare: true, isCount: x === "epoch" });
}

function hasValue(value: number | undefined): value is number {
  return value !== undefined;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function share({ mean, standardError }: Spread): string {
  if (mean === null) return "";
  const value = (100 * mean).toFixed(1);
  return standardError === null ? `${value} %` : `${value} ± ${(100 * standardError).toFixed(1)} %`;
}

/** A difference of shares, in percentage points. */
function points({ mean, standardError }: PairedDifference): string {
  if (mean === null) return "";
  const value = `${mean < 0 ? "−" : "+"}${Math.abs(100 * mean).toFixed(1)}`;
  return standardError === null ? value : `${value} ± ${(100 * standardError).toFixed(1)}`;
}

function chance(p: number | null): string {
  if (p === null) return "";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

function times({ ratio, isUpperBound }: Speedup): string {
  if (ratio === null) return "";
  return `${isUpperBound ? "< " : ""}${ratio.toFixed(ratio < 10 ? 2 : 1)} ×`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}
