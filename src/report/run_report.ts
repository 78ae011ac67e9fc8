import type { DemoResult } from "../compare/mod.ts";
import type { RunEvent } from "../run/mod.ts";
import { type Cell, cellsOf, type Space } from "../spaces/mod.ts";
import { DEFAULT_SIZES, isEntryResult, type RunResult } from "../stages/mod.ts";
import { guessingLoss } from "./advice.ts";
import { alphaHistoryOf } from "./alpha_history.ts";
import { renderAlpha } from "./alpha_map.ts";
import { renderCells } from "./cell_diagram.ts";
import { escapeHtml } from "./html.ts";
import { renderTable } from "./html_table.ts";
import { type Arm, phasesOf, renderLearning } from "./learning.ts";
import { renderFigures, renderPage, renderPanel, renderSection } from "./page.ts";
import { renderSettings } from "./settings_table.ts";
import { renderSources } from "./source_table.ts";
import { renderTest } from "./test_section.ts";
import { judgeDemo, judgeRun } from "./verdict.ts";
import { formatBytes, formatCount, formatShare, nameOf } from "./words.ts";
import { formatDuration } from "../text/mod.ts";

/** What else goes into a report. */
export interface ReportOptions {
  /** What the run was started with: plain JSON data, however nested. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Folder of the run, for the commands that go on from it. */
  readonly folder?: string | undefined;
  /** History of the run, from which the strengths of alpha and the memory are told. */
  readonly events?: readonly RunEvent[] | undefined;
  /** Command line that runs it anew. */
  readonly again?: string | undefined;
}

const TITLES: Readonly<Record<string, string>> = {
  pretrain: "Pretraining on",
  search: "Search on",
  traditional: "Traditional transfer to",
  train: "Training on",
  transfer: "Transfer to",
  "zoo derive": "Derived network of",
};

/** What a report shows in another form than as a table of figures. */
const DRAWN = [
  "command",
  "curve",
  "trainCurve",
  "start",
  "genotype",
  "arms",
  "card",
  "seconds",
  "parameters",
  "macs",
  "validAccuracy",
  "testAccuracy",
  "test",
  "unreadable",
  "sourceRanking",
  "nasbench201",
];

const ALPHA_NOTE =
  "A row an edge, a column an operation. In each box time runs from left to right, a bar an epoch: the " +
  "fuller its colour, the stronger alpha speaks for the operation. What was derived is outlined.";
const SOURCES_NOTE = "Supernets of the zoo by the distance of their data from the target, the nearest first.";
const AGAIN_NOTE = "The same settings and seed give the same bits, on any number of threads.";
const ARMS_NOTE = "Fitted head and epochs: the supernet on held-out images. Test accuracy: the trained network.";

/**
 * Renders the report of a run that made one network, as a page that needs nothing else.
 *
 * @param result Its result.
 * @param options What it was started with, and where it is.
 * @returns The page.
 */
export function renderRunReport(result: RunResult, options: ReportOptions): string {
  const { folder, events = [] } = options;
  const { command, data, testAccuracy } = result;
  const arm: Arm = { name: command, phases: phasesOf(result), testAccuracy };
  return renderPage({
    title: `${TITLES[command] ?? command} ${
      isEntryResult(result) && command === "zoo derive" ? result.card.name : nameOf(data)
    }`,
    verdict: judgeRun(result, folder),
    parts: [
      renderFigures([...figuresOf(result), ...publishedOf(result), ...memoryOf(events)]),
      renderTest(result.test),
      renderSection("How it learnt", renderLearning([arm], guessingLoss(result)), explainImages([result])),
      renderSection("Each dataset at the end", tabulateDatasets(result)),
      renderSection("What alpha said", renderAlpha(alphaHistoryOf(events, result)), ALPHA_NOTE),
      renderSection("What was found", renderCells(picturesOf(result))),
      renderSection("Source ranking", renderSources(result), SOURCES_NOTE),
      renderDetails(result, options),
    ],
  });
}

/** What the images of the curves are, as far as a run has such curves. */
function explainImages(results: readonly RunResult[]): string {
  const isSearch = results.every(({ command }) => command !== "traditional");
  const has = (test: (result: RunResult) => boolean) => results.some(test);
  return [
    has(({ curve }) => curve.some(({ validAccuracy }) => validAccuracy !== undefined))
      ? `Held-out images: the weights never learn from them${isSearch ? ", the architecture does" : ""}.`
      : "",
    has(({ testAccuracy }) => testAccuracy !== undefined) ? "Test images: nothing has seen them before the end." : "",
    has(({ start }) => start !== undefined) ? "A point at epoch 0 is a fitted head alone." : "",
  ].filter((sentence) => sentence !== "").join(" ");
}

/** The way from the fitted head to the trained network, and what that costs. */
function figuresOf({ start, validAccuracy, testAccuracy, parameters, macs, seconds, command }: RunResult) {
  const learner = command === "traditional" ? "finetuned network" : "supernet";
  return [
    ...(start?.validAccuracy === undefined
      ? []
      : [[formatShare(start.validAccuracy), "fitted head alone, held-out images"] as const]),
    ...(validAccuracy === undefined ? [] : [[formatShare(validAccuracy), `${learner}, held-out images`] as const]),
    ...(testAccuracy === undefined ? [] : [[formatShare(testAccuracy), "trained network, test images"] as const]),
    [formatCount(parameters), "parameters"] as const,
    [formatCount(macs), "multiply-adds an image"] as const,
    [formatDuration(seconds), "time in all"] as const,
  ];
}

/** What was published of the architecture, if the search had a table of it. */
function publishedOf({ nasbench201: found }: RunResult) {
  if (found === undefined) return [];
  const percent = (value: number) => `${value.toFixed(2)} %`;
  return [
    [percent(found.cifar10), `published of this cell on CIFAR-10, rank ${formatCount(found.rank)}`] as const,
    [percent(found.cifar100), "published of it on CIFAR-100"] as const,
    [percent(found.imagenet16), "published of it on ImageNet16-120"] as const,
  ];
}

/** The most memory that the process held when an epoch ended, if the history tells. */
function memoryOf(events: readonly RunEvent[]) {
  const most = mostMemory(events);
  return most === undefined ? [] : [[formatBytes(most), "most memory at the end of an epoch"] as const];
}

/**
 * The most memory that a run's process held when an epoch ended.
 *
 * @param events The run's history.
 * @returns Bytes; undefined if it does not tell.
 */
export function mostMemory(events: readonly RunEvent[]): number | undefined {
  const all = events.flatMap(({ memoryBytes }) => Number.isFinite(memoryBytes) ? [memoryBytes as number] : []);
  return all.length === 0 ? undefined : Math.max(...all);
}

/** The last epoch's figures for each dataset, if a run had several. */
function tabulateDatasets({ curve }: RunResult): string {
  const datasets = curve.at(-1)?.datasets;
  if (datasets === undefined) return "";
  const rows = datasets.map(({ name, trainAccuracy, validLoss, validAccuracy }) => [
    nameOf(name),
    formatShare(trainAccuracy),
    validLoss.toFixed(3),
    formatShare(validAccuracy),
  ]);
  return renderPanel(
    renderTable([["dataset", "training accuracy", "validation loss", "validation accuracy"], ...rows]),
  );
}

/** How it was run, for those who want to do it again. */
export function renderDetails(
  result: Readonly<Record<string, unknown>>,
  { configuration, again }: Pick<ReportOptions, "configuration" | "again">,
): string {
  const figures = Object.fromEntries(Object.entries(result).filter(([name]) => !DRAWN.includes(name)));
  const panels = [["Settings", renderSettings(configuration)], ["Further figures", renderSettings(figures)]]
    .filter(([, table]) => table !== "")
    .map(([title, table]) => `<section><h2>${title}</h2><div class="panel groups">${table}</div></section>`);
  return [
    panels.length === 0 ? "" : `<div class="grid2 top">${panels.join("\n")}</div>`,
    again === undefined
      ? ""
      : renderSection("Run it anew", renderPanel(`<pre><code>${escapeHtml(again)}</code></pre>`), AGAIN_NOTE),
  ].filter((part) => part !== "").join("\n");
}

/**
 * Renders the report of a demonstration: both arms beside each other.
 *
 * @param result Its result.
 * @param options What it was started with, and where it is.
 * @returns The page.
 */
export function renderDemoReport(result: DemoResult, options: ReportOptions): string {
  const arms = result.arms.map(({ arm, result }): Arm => ({
    name: arm,
    phases: phasesOf(result),
    testAccuracy: result.testAccuracy,
  }));
  const cells = result.arms.map(({ arm, result }) =>
    renderSection(`What ${arm} found`, renderCells(picturesOf(result)))
  );
  const [first] = result.arms;
  return renderPage({
    title: `Transfer to ${nameOf(result.target)}, beside a search from scratch`,
    verdict: judgeDemo(result, options.folder),
    parts: [
      renderSection("Both arms", renderPanel(renderTable(tabulateArms(result))), ARMS_NOTE),
      renderSection(
        "How they learnt",
        renderLearning(arms, guessingLoss(first!.result)),
        explainImages(result.arms.map(({ result }) => result)),
      ),
      ...cells,
      renderDetails(result, options),
    ],
  });
}

const MARKS = [1, 2, 3, 4, 5, 10, 20, 50];

/**
 * Sets both arms of a demonstration side by side: accuracy on held-out images after some epochs, then what came of it.
 *
 * @param result Its result.
 * @returns Rows; the first holds the headings.
 */
export function tabulateArms({ arms }: DemoResult): string[][] {
  // Validations within an epoch are points of the curve, too.
  const after = (mark: number, { curve }: RunResult) => curve.find(({ epoch }) => epoch === mark)?.validAccuracy;
  const marks = MARKS.filter((mark) => arms.some(({ result }) => after(mark, result) !== undefined));
  const start = (cell: string) => arms.some(({ result }) => result.start) ? [cell] : [];
  return [
    [
      "",
      ...start("fitted head"),
      ...marks.map((mark) => `after ${mark} epoch${mark > 1 ? "s" : ""}`),
      "test accuracy",
      "parameters",
      "seconds",
    ],
    ...arms.map(({ arm, result }) => [
      arm,
      ...start(result.start === undefined ? "random head" : formatShare(result.start.validAccuracy!)),
      ...marks.map((mark) => {
        const accuracy = after(mark, result);
        return accuracy === undefined ? "settled" : formatShare(accuracy);
      }),
      result.testAccuracy === undefined ? "" : formatShare(result.testAccuracy),
      result.parameters.toLocaleString("en"),
      result.seconds.toFixed(0),
    ]),
  ];
}

/** The cells of the architecture that was found. */
function picturesOf({ space, genotype }: RunResult): Cell[] {
  return cellsOf(genotype, (space as Space | undefined)?.name ?? DEFAULT_SIZES.space);
}
