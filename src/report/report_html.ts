import type { Cell } from "../spaces/mod.ts";
import { drawCell } from "./cell_diagram.ts";
import { drawChart, type Point, type Series } from "./chart.ts";
import { formatDuration } from "./duration.ts";
import { escapeHtml } from "./html.ts";
import { renderProperties, renderTable, toText } from "./html_table.ts";
import { renderPage, renderPanel, renderSection } from "./page.ts";
import { COLOR_COUNT } from "./style.ts";

/** An epoch of an arm. What is absent is not drawn. */
export interface CurvePoint {
  /** Epoch, from 1; 0 for what was before the first. */
  readonly epoch: number;
  /** Seconds since the run began. */
  readonly seconds: number;
  /** Mean loss on training images, in nats. */
  readonly trainLoss?: number | undefined;
  /** Share of training images classified rightly, 0 to 1. */
  readonly trainAccuracy?: number | undefined;
  /** Mean loss on held-out images, in nats. */
  readonly validLoss?: number | undefined;
  /** Share of held-out images classified rightly, 0 to 1. */
  readonly validAccuracy?: number | undefined;
}

/** What a report shows. */
export interface Report {
  /** Title of the page. */
  readonly title: string;
  /** Settings by name. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Curves to be compared. */
  readonly arms: readonly { readonly name: string; readonly curve: readonly CurvePoint[] }[];
  /** Pictures of the architecture's cells. */
  readonly cells?: readonly Cell[] | undefined;
  /** The architecture: plain JSON data. */
  readonly genotype?: unknown;
  /** Result by name: plain JSON data. */
  readonly result: Readonly<Record<string, unknown>>;
  /** Further tables; the first row of each holds its headings. */
  readonly tables?: readonly { readonly title: string; readonly rows: readonly (readonly string[])[] }[] | undefined;
}

/** What stands large at the top, if the result has it, and what it is called there. */
const HEADLINES = [
  ["testAccuracy", "test accuracy"],
  ["validAccuracy", "validation accuracy"],
  ["parameters", "parameters"],
  ["macs", "multiply-adds"],
  ["epochs", "epochs"],
  ["seconds", "time"],
] as const;

/**
 * Renders a report as one HTML page that needs nothing else: no network, no scripts.
 *
 * @param report What to show.
 * @returns The page.
 */
export function renderReport(
  { title, configuration, arms, cells = [], genotype, result, tables = [] }: Report,
): string {
  return renderPage(title, [
    renderHeadlines(result),
    ...tables.map(({ title, rows }) => renderSection(title, renderPanel(renderTable(rows)))),
    renderSection("Learning", renderCurves(arms)),
    renderSection("Architecture", cells.length === 0 ? "" : renderCells(cells, genotype)),
    renderSettings(configuration, result),
  ]);
}

function renderHeadlines(result: Readonly<Record<string, unknown>>): string {
  const figures = HEADLINES.flatMap(([name, words]) => {
    const value = result[name];
    if (typeof value !== "number") return [];
    const text = name === "seconds" ? formatDuration(value) : toText(name, value);
    return [`<div class="figure"><b>${escapeHtml(text)}</b><span>${words}</span></div>`];
  });
  return figures.length === 0 ? "" : `<div class="figures">${figures.join("\n")}</div>`;
}

function renderCurves(arms: Report["arms"]): string {
  const charts = (["epoch", "seconds"] as const).flatMap((x) => [
    chartOf(arms, "accuracy", x, ["validAccuracy", "trainAccuracy"]),
    chartOf(arms, "loss", x, ["validLoss", "trainLoss"]),
  ]).filter((chart) => chart !== "");
  if (charts.length === 0) return "";
  const names = arms.map(({ name }, i) =>
    `<li class="color${i % COLOR_COUNT}"><i></i><span>${escapeHtml(name)}</span></li>`
  );
  const styles = `<li><i></i>held-out images</li><li><i class="dashes"></i>training images</li>`;
  return `<ul class="legend">${names.join("")}${styles}</ul>\n<div class="grid2">${
    charts.map(renderPanel).join("\n")
  }</div>`;
}

type Field = "validAccuracy" | "trainAccuracy" | "validLoss" | "trainLoss";

function chartOf(arms: Report["arms"], what: string, x: "epoch" | "seconds", fields: readonly Field[]): string {
  const series = arms.flatMap(({ name, curve }, i) =>
    fields.map((field): Series => ({
      name: `${name}, ${field.startsWith("train") ? "training images" : "held-out images"}`,
      color: i % COLOR_COUNT,
      isDashed: field.startsWith("train"),
      points: (x === "epoch" ? countOn(curve) : curve).flatMap((point): Point[] => {
        const value = point[field];
        return typeof value === "number" ? [[point[x], value]] : [];
      }),
    }))
  );
  const title = `${what === "accuracy" ? "Accuracy" : "Loss"} by ${x}`;
  return drawChart({ title, xLabel: x, series, isShare: what === "accuracy", isCount: x === "epoch" });
}

/** Stages count their epochs from 1 each: here they follow one another. */
function countOn(curve: readonly CurvePoint[]): CurvePoint[] {
  let before = 0;
  return curve.map((point, i) => {
    const last = curve[i - 1]?.epoch ?? 0;
    if (point.epoch <= last) before += last;
    return { ...point, epoch: before + point.epoch };
  });
}

function renderCells(cells: readonly Cell[], genotype: unknown): string {
  const panels = cells.map((cell, i) =>
    `<div class="panel"><h3>${escapeHtml(cell.name)}</h3>${drawCell(cell, `cell${i}`)}</div>`
  );
  return `<div class="cells">${panels.join("\n")}</div>\n<details><summary>As JSON</summary><pre>${
    escapeHtml(JSON.stringify(genotype))
  }</pre></details>`;
}

function renderSettings(
  configuration: Readonly<Record<string, unknown>>,
  result: Readonly<Record<string, unknown>>,
): string {
  const panels = [["Result", renderProperties(result)], ["Configuration", renderProperties(configuration)]]
    .filter(([, table]) => table !== "")
    .map(([title, table]) => `<section><h2>${title}</h2><div class="panel">${table}</div></section>`);
  return panels.length === 0 ? "" : `<div class="grid2">${panels.join("\n")}</div>`;
}
