import { type ArmRun, type CompareResult, LEVELS, type TargetComparison } from "../compare/mod.ts";
import { type Chart, type Panel, renderFigure } from "./chart.ts";
import type { Series } from "./chart_curves.ts";
import type { Mark } from "./chart_marks.ts";
import { timeUnit } from "./chart_scale.ts";
import { BY_TARGET, tabulateComparison, tabulateTarget } from "./comparison_tables.ts";
import { judgeComparison } from "./comparison_verdict.ts";
import { escapeHtml } from "./html.ts";
import { renderTable } from "./html_table.ts";
import { renderLeads } from "./lead_plot.ts";
import { renderLegend } from "./learning.ts";
import { renderPage, renderPanel, renderSection } from "./page.ts";
import type { ReportOptions } from "./run_report.ts";
import { renderSettings } from "./settings_table.ts";
import { COLOR_COUNT } from "./style.ts";
import { listOf, nameOf } from "./words.ts";
import { NOT_MEASURED } from "../text/mod.ts";

const CURVES_NOTE =
  "Lines: the network of the search or finetuning on held-out images, mean over seeds; shaded from the " +
  "lowest to the highest seed. A point at epoch 0 is a fitted head alone. Full shapes: the trained network on test images.";

/**
 * Renders a comparison as one HTML page: the verdict, tables, leads over scratch, and for each target the curves of all
 * arms, means over seeds with the range of the seeds around them.
 *
 * @param result The comparison.
 * @param options What it was started with.
 * @returns The page.
 */
export function renderComparison(result: CompareResult, { configuration }: ReportOptions): string {
  const { targets, summary } = result;
  const arms = summary.arms.map(({ arm }) => arm);
  const tables = tabulateComparison(result).map(({ title, rows }) =>
    // On a page each target has its own table, below its curves.
    title === BY_TARGET
      ? renderSection(title, targets.map((target) => renderTarget(target, arms)).join("\n"), CURVES_NOTE)
      : renderSection(title, renderPanel(renderTable(rows)))
  );
  const names = targets.map(({ name }) => nameOf(name));
  return renderPage({
    title: `Comparison on ${names.length > 3 ? `${names.length} targets` : listOf(names)}`,
    verdict: judgeComparison(result),
    parts: [
      renderSection("Lead over a search from scratch", renderLeads(targets, arms)),
      ...tables,
      renderSection("Settings", renderGroups(renderSettings(configuration))),
      renderSection("Circumstances", renderGroups(renderSettings(circumstancesOf(result)))),
    ],
  });
}

function renderGroups(tables: string): string {
  return tables === "" ? "" : `<div class="panel groups">${tables}</div>`;
}

/** What no table or picture shows. */
function circumstancesOf({ build, mode, threads, seeds, seconds }: CompareResult): Record<string, unknown> {
  return { build, mode, threads, seeds, seconds };
}

function renderTarget(target: TargetComparison, arms: readonly string[]): string {
  const charts = [chartOf(target, arms, "epoch"), chartOf(target, arms, "time")].map(renderFigure);
  const legend = renderLegend(arms.map((name) => ({ name, phases: [], testAccuracy: undefined })));
  const curves = charts.every((chart) => chart === "")
    ? ""
    : `${legend}\n<div class="grid2">${charts.join("\n")}</div>\n`;
  const heading = `<h3 class="target">${escapeHtml(nameOf(target.name))}</h3>`;
  const rows = tabulateTarget(target);
  const first = rows[0]!.findIndex((heading) => heading.startsWith("epochs to "));
  return `${heading}\n${curves}${renderPanel(renderTable(rows.map((row) => joinLevels(row, first))))}`;
}

/** A row of a target's table with all levels in one cell: a page has no room for a column each. */
function joinLevels(row: readonly string[], first: number): string[] {
  const count = LEVELS.length;
  const join = (cells: readonly string[]) => {
    const isHeading = cells.every((cell) => cell.includes(" to "));
    if (isHeading) {
      return `${cells[0]!.split(" to ")[0]} to ${cells.map((cell) => cell.match(/\d+/)![0]).join(" / ")} %`;
    }
    return cells.every((cell) => cell === NOT_MEASURED) ? NOT_MEASURED : cells.join(" / ");
  };
  const second = first + count;
  return [
    ...row.slice(0, first),
    join(row.slice(first, second)),
    join(row.slice(second, second + 2)),
    ...row.slice(second + 2),
  ];
}

function chartOf({ arms }: TargetComparison, names: readonly string[], by: "epoch" | "time"): Chart {
  const last = Math.max(0, ...arms.flatMap(({ seeds }) => seeds.map(({ curve }) => curve.at(-1)?.seconds ?? 0)));
  const unit = timeUnit(last);
  const place = (values: readonly { readonly epoch: number; readonly seconds: number }[]) =>
    by === "epoch"
      ? Math.max(...values.map(({ epoch }) => epoch))
      : meanOf(values.map(({ seconds }) => seconds)) / unit.seconds;
  const colorOf = (arm: string) => names.indexOf(arm) % COLOR_COUNT;
  const panel: Panel = {
    heading: "search or finetuning, held-out images",
    xLabel: by === "epoch" ? "epoch" : unit.name,
    isCount: by === "epoch",
    series: arms.map(({ arm, seeds }) => ({ name: arm, color: colorOf(arm), ...meanCurve(seeds, place) })),
  };
  const marks = arms.flatMap(({ arm, testAccuracy }): Mark[] =>
    testAccuracy.mean === null ? [] : [{ name: `${arm}, test images`, color: colorOf(arm), value: testAccuracy.mean }]
  );
  return { title: `Accuracy by ${by}`, values: "share", panels: [panel], marks, marksHeading: "test images" };
}

/** Mean over seeds, and the range of the seeds. */
function meanCurve(
  seeds: readonly ArmRun[],
  place: (values: readonly { readonly epoch: number; readonly seconds: number }[]) => number,
): Pick<Series, "points" | "band"> {
  const curves = seeds.map(({ curve }) => curve).filter((curve) =>
    curve.some(({ validAccuracy }) => validAccuracy !== undefined)
  );
  const length = Math.max(0, ...curves.map((curve) => curve.length));
  // A run that has settled stays where it is.
  const columns = Array.from({ length }, (_, i) => curves.map((curve) => curve[Math.min(i, curve.length - 1)]!));
  const values = columns.map((column) =>
    column.flatMap(({ validAccuracy }) => validAccuracy === undefined ? [] : [validAccuracy])
  );
  const places = columns.map(place);
  return {
    points: values.map((column, i) => [places[i]!, meanOf(column)]),
    band: seeds.length > 1
      ? values.map((column, i) => [places[i]!, Math.min(...column), Math.max(...column)] as const)
      : undefined,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
