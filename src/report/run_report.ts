import type { DemoResult } from "../compare/mod.ts";
import { type Cell, cellsOf, type Space } from "../spaces/mod.ts";
import { DEFAULT_SIZES, isEntryResult, type RunResult } from "../stages/mod.ts";
import { guessingLoss } from "./advice.ts";
import { renderCells } from "./cell_diagram.ts";
import { formatDuration } from "./duration.ts";
import { renderTable } from "./html_table.ts";
import { type Arm, phasesOf, renderLearning } from "./learning.ts";
import { renderFigures, renderPage, renderPanel, renderSection } from "./page.ts";
import { renderSettings } from "./settings_table.ts";
import { renderTest } from "./test_section.ts";
import { judgeDemo, judgeRun } from "./verdict.ts";
import { formatCount, formatShare, nameOf } from "./words.ts";

/** What else goes into a report. */
export interface ReportOptions {
  /** What the run was started with: plain JSON data, however nested. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Folder of the run, for the commands that go on from it. */
  readonly folder?: string | undefined;
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
];

const ARMS_NOTE = "Fitted head and epochs: the supernet on held-out images. Test accuracy: the trained network.";

/**
 * Renders the report of a run that made one network, as a page that needs nothing else.
 *
 * @param result Its result.
 * @param options What it was started with, and where it is.
 * @returns The page.
 */
export function renderRunReport(result: RunResult, { configuration, folder }: ReportOptions): string {
  const { command, data, testAccuracy } = result;
  const arm: Arm = { name: command, phases: phasesOf(result), testAccuracy };
  return renderPage({
    title: `${TITLES[command] ?? command} ${
      isEntryResult(result) && command === "zoo derive" ? result.card.name : nameOf(data)
    }`,
    verdict: judgeRun(result, folder),
    parts: [
      renderFigures(figuresOf(result)),
      renderTest(result.test),
      renderSection("How it learnt", renderLearning([arm], guessingLoss(result)), explainImages([result])),
      renderSection("Each dataset at the end", tabulateDatasets(result)),
      renderSection("What was found", renderCells(picturesOf(result))),
      renderDetails(result, configuration),
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
  configuration: Readonly<Record<string, unknown>>,
): string {
  const figures = Object.fromEntries(Object.entries(result).filter(([name]) => !DRAWN.includes(name)));
  const panels = [["Settings", renderSettings(configuration)], ["Further figures", renderSettings(figures)]]
    .filter(([, table]) => table !== "")
    .map(([title, table]) => `<section><h2>${title}</h2><div class="panel groups">${table}</div></section>`);
  return panels.length === 0 ? "" : `<div class="grid2 top">${panels.join("\n")}</div>`;
}

/**
 * Renders the report of a demonstration: both arms beside each other.
 *
 * @param result Its result.
 * @param options What it was started with, and where it is.
 * @returns The page.
 */
export function renderDemoReport(result: DemoResult, { configuration, folder }: ReportOptions): string {
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
    verdict: judgeDemo(result, folder),
    parts: [
      renderSection("Both arms", renderPanel(renderTable(tabulateArms(result))), ARMS_NOTE),
      renderSection(
        "How they learnt",
        renderLearning(arms, guessingLoss(first!.result)),
        explainImages(result.arms.map(({ result }) => result)),
      ),
      ...cells,
      renderDetails(result, configuration),
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
