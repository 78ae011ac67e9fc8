import { countOf } from "../text/mod.ts";
import { renderFigure } from "./chart.ts";
import type { Point } from "./chart_curves.ts";
import { renderTable } from "./html_table.ts";
import { renderPage, renderPanel, renderSection } from "./page.ts";
import { renderParallelPlot } from "./parallel_plot.ts";
import { COLOR_COUNT } from "./style.ts";
import type { Verdict } from "./verdict.ts";
import { formatShare } from "./words.ts";

/** A trial as the page of a study shows it. */
export interface StudiedTrial {
  /** Its name. */
  readonly name: string;
  /** Values of the flags in which trials differ. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** How far it is. */
  readonly state: string;
  /** Accuracy, 0 to 1, if it is finished. */
  readonly accuracy?: number | undefined;
  /** Held-out accuracy by epoch. */
  readonly curve: readonly Point[];
}

/** A study. */
export interface Study {
  /** Its name. */
  readonly name: string;
  /** Its folder. */
  readonly folder: string;
  /** Of which images the accuracy is. */
  readonly images: "test images" | "held-out images";
  /** Its trials. */
  readonly trials: readonly StudiedTrial[];
}

/** More curves than this hide each other: the best are drawn. */
const MOST_CURVES = 24;

/**
 * Renders the page of a study: the best trial, all settings against what they came to, curves, and a table.
 *
 * @param study The study.
 * @returns The page.
 */
export function renderStudy({ name, folder, images, trials }: Study): string {
  const flags = [...new Set(trials.flatMap(({ settings }) => Object.keys(settings)))];
  const finished = trials.filter(({ accuracy }) => accuracy !== undefined).toSorted((a, b) =>
    b.accuracy! - a.accuracy!
  );
  const lines = finished.map((trial) => ({
    name: trial.name,
    values: flags.map((flag) => valueOf(trial.settings[flag])),
    share: trial.accuracy!,
  }));
  const curves = finished.slice(0, MOST_CURVES).map(({ name, curve }, i) => ({
    name,
    color: i % COLOR_COUNT,
    points: curve,
  }));
  const panel = { heading: "", xLabel: "epoch", isCount: true, series: curves };
  const rows = [...finished, ...trials.filter(({ accuracy }) => accuracy === undefined)].map((trial) => [
    trial.name,
    ...flags.map((flag) => String(valueOf(trial.settings[flag]) ?? "")),
    trial.state,
    trial.accuracy === undefined ? "" : formatShare(trial.accuracy),
  ]);
  return renderPage({
    title: name,
    verdict: judgeStudy({ name, folder, images, trials }, finished),
    parts: [
      renderSection("What the settings did", renderParallelPlot(flags, lines, images), "The best quarter stands out."),
      renderSection("How they learnt", renderFigure({ title: "Held-out images", values: "share", panels: [panel] })),
      renderSection("The trials", renderPanel(renderTable([["trial", ...flags, "state", images], ...rows]))),
    ],
    madeBy: `deno task sweep results ${folder}`,
  });
}

function judgeStudy({ folder, images, trials }: Study, finished: readonly StudiedTrial[]): Verdict {
  const [best] = finished;
  const set = trials.filter(({ state }) => state === "failed");
  return {
    headline: best === undefined
      ? countOf(trials.length, "trial")
      : `The best of ${countOf(trials.length, "trial")}: ${formatShare(best.accuracy!)} of the ${images}`,
    sentences: best === undefined ? [] : [
      `It is ${best.name}. The best of many is partly luck: its figure would be lower with another seed.`,
    ],
    warnings: set.length === 0
      ? []
      : [`${set.length} of ${countOf(trials.length, "trial")} failed and were set aside.`],
    next: set.length === 0 ? [] : [`deno task sweep retry ${folder}`],
  };
}

function valueOf(value: unknown): number | string | undefined {
  if (value === undefined || typeof value === "number") return value;
  return Array.isArray(value) ? value.join(",") : String(value);
}
