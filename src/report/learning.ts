import { curveFromStart, type EpochRecord, type RunResult } from "../stages/mod.ts";
import { type Chart, type Panel, renderFigure } from "./chart.ts";
import { type Point, type Series, shapeOf } from "./chart_curves.ts";
import type { Mark } from "./chart_marks.ts";
import { timeUnit, type Values } from "./chart_scale.ts";
import type { Timeline } from "./chart_timeline.ts";
import { escapeHtml } from "./html.ts";
import { COLOR_COUNT } from "./style.ts";

/** A stretch of the learning of one network. */
export interface Phase {
  /** The network that learns, such as `supernet`. */
  readonly network: string;
  /** What is done with it, such as `finetuning`. */
  readonly work: string;
  /** Its epochs; from 0 where a head was fitted before the first. Seconds count from the start of the run. */
  readonly epochs: readonly EpochRecord[];
}

/** What is drawn in one colour. */
export interface Arm {
  /** Name. */
  readonly name: string;
  /** What was learnt, in order of time. */
  readonly phases: readonly Phase[];
  /** Accuracy of the final network on the test images; undefined if there is none. */
  readonly testAccuracy?: number | undefined;
}

const SUPERNET = "supernet";
const DERIVED = "derived network";

/** What a command does to which network: at first, and after that. */
const WORK: Readonly<Record<string, readonly (readonly [network: string, work: string])[]>> = {
  search: [[SUPERNET, "search"]],
  pretrain: [[SUPERNET, "pretraining"]],
  transfer: [[SUPERNET, "finetuning"], [DERIVED, "training"]],
  traditional: [["network", "finetuning"], ["network", "training on all images"]],
  train: [[DERIVED, "training"]],
  "zoo derive": [[DERIVED, "training"]],
};

/**
 * Finds what was learnt in a run: a supernet and the network cut out of it are two networks, so they are two phases.
 *
 * @param result Result of the run.
 * @returns Phases with at least one epoch, in order of time. What a fitted head could do before the first epoch belongs to the first.
 */
export function phasesOf(result: RunResult): Phase[] {
  const { command, prior, trainCurve = [] } = result;
  const [first = [SUPERNET, command], second = [DERIVED, "training"]] = WORK[command] ?? [];
  const isFromScratch = command === "transfer" && prior === "none";
  const phases: Phase[] = [
    { network: first[0], work: isFromScratch ? "search" : first[1], epochs: curveFromStart(result) },
    { network: second[0], work: second[1], epochs: trainCurve },
  ];
  return phases.filter(({ epochs }) => epochs.length > 0);
}

/**
 * Renders the curves of one arm or several: accuracy and loss, by epochs and by time.
 *
 * @param arms The arms, in the order of their colours.
 * @param guess Loss of guessing, in nats, if it is known.
 * @returns HTML elements; an empty text if there is nothing to draw.
 */
export function renderLearning(arms: readonly Arm[], guess?: number): string {
  const figures = (["share", "loss"] as const).flatMap((values) => [
    renderFigure(chartByEpoch(arms, values, guess)),
    renderFigure(chartByTime(arms, values, guess)),
  ]).filter((figure) => figure !== "");
  if (figures.length === 0) return "";
  return `${renderLegend(arms)}\n<div class="grid2">${figures.join("\n")}</div>`;
}

/** What colours, shapes and strokes mean. */
export function renderLegend(arms: readonly Pick<Arm, "name" | "phases" | "testAccuracy">[]): string {
  const epochs = arms.flatMap(({ phases }) => phases.flatMap(({ epochs }) => epochs));
  const items = [
    ...(arms.length < 2 ? [] : arms.map(({ name }, i) => legendItem(name, { color: i, style: "curve" }))),
    epochs.some(({ validAccuracy }) => validAccuracy !== undefined)
      ? legendItem("held-out images", { style: "curve" })
      : "",
    epochs.some(({ trainAccuracy }) => trainAccuracy !== undefined)
      ? legendItem("training images, while learning", { style: "curve dashed" })
      : "",
    arms.some(({ testAccuracy }) => testAccuracy !== undefined)
      ? legendItem("test images, at the end", { style: "mark" })
      : "",
  ];
  return `<ul class="legend">${items.join("")}${legendOfTimes(arms)}</ul>`;
}

/** The bars above charts by time have no room for names where there are several. */
function legendOfTimes(arms: readonly Pick<Arm, "phases">[]): string {
  const networks = [0, 1].map((i) => [...new Set(arms.flatMap(({ phases }) => phases[i]?.network ?? []))]);
  if (arms.length < 2 || networks.some(({ length }) => length === 0)) return "";
  return networks.map((names, i) =>
    `<li><svg class="key" viewBox="0 0 30 12" aria-hidden="true"><rect class="stretch${
      i === 0 ? "" : " second"
    }" width="30" height="12" rx="2"/></svg>${escapeHtml(`time of the ${names.join(" or ")}`)}</li>`
  ).join("");
}

/** A line of a legend: words behind a curve of a style, a full shape (`mark`), or an open one (`dot`). */
export function legendItem(text: string, { color, style }: { color?: number; style: string }): string {
  const isSmall = style.includes("dashed");
  const dot = style === "mark" || style === "dot"
    ? `<path class="${style === "mark" ? "solid" : "dot"}" d="${shapeOf(color ?? 0, 64)}" transform="translate(15,6)"/>`
    : `<path class="${style}" d="M1,6H29"/><path class="dot${isSmall ? " small" : ""}" d="${
      shapeOf(color ?? 0, isSmall ? 12 : 42)
    }" transform="translate(15,6)"/>`;
  const tint = color === undefined ? "" : ` color${color % COLOR_COUNT}`;
  return `<li><svg class="key${tint}" viewBox="0 0 30 12" aria-hidden="true">${dot}</svg>${escapeHtml(text)}</li>`;
}

const FIELDS = {
  share: [["validAccuracy", "held-out images"], ["trainAccuracy", "training images"]],
  loss: [["validLoss", "held-out images"], ["trainLoss", "training images"]],
} as const;

const QUANTITY = { share: "Accuracy", loss: "Loss" } as const;

function chartByEpoch(arms: readonly Arm[], values: Values, guess: number | undefined): Chart {
  const count = Math.max(0, ...arms.map(({ phases }) => phases.length));
  const panels = Array.from({ length: count }, (_, i): Panel => ({
    heading: headingOf(arms.flatMap(({ phases }) => phases[i] ?? [])),
    xLabel: "epoch",
    isCount: true,
    series: arms.flatMap((arm, color) =>
      seriesOf(arm.phases[i], { arm, arms, color, values, x: ({ epoch }) => epoch })
    ),
  }));
  return { title: `${QUANTITY[values]} by epoch`, values, panels, ...endOf(arms, values, guess) };
}

function chartByTime(arms: readonly Arm[], values: Values, guess: number | undefined): Chart {
  const last = Math.max(...arms.flatMap(({ phases }) => phases.flatMap(({ epochs }) => epochs.at(-1)?.seconds ?? 0)));
  const unit = timeUnit(last);
  const x = ({ seconds }: EpochRecord) => seconds / unit.seconds;
  const panel: Panel = {
    heading: "",
    xLabel: unit.name,
    isCount: false,
    series: arms.flatMap((arm, color) =>
      arm.phases.flatMap((phase) => seriesOf(phase, { arm, arms, color, values, x }))
    ),
    timelines: arms.map(({ phases }, color): Timeline => ({
      color: color % COLOR_COUNT,
      stretches: phases.map(({ network, work, epochs }) => ({ name: `${network}, ${work}`, end: x(epochs.at(-1)!) })),
    })),
  };
  return { title: `${QUANTITY[values]} by time`, values, panels: [panel], ...endOf(arms, values, guess) };
}

/** Networks that learn side by side, and what is done with each. */
function headingOf(phases: readonly Phase[]): string {
  const networks = [...new Set(phases.map(({ network }) => network))];
  const works = [...new Set(phases.map(({ work }) => work))];
  return `${networks.join(" or ")}, ${works.join(" or ")}`;
}

function endOf(arms: readonly Arm[], values: Values, guess: number | undefined): Partial<Chart> {
  if (values === "loss") return guess === undefined ? {} : { rule: { name: "guessing", value: guess } };
  const marks = arms.flatMap(({ name, testAccuracy }, color): Mark[] =>
    testAccuracy === undefined
      ? []
      : [{ name: nameWithin(arms, name, "test images"), color: color % COLOR_COUNT, value: testAccuracy }]
  );
  return { marks, marksHeading: "test images" };
}

interface SeriesContext {
  readonly arm: Arm;
  readonly arms: readonly Arm[];
  readonly color: number;
  readonly values: Values;
  readonly x: (record: EpochRecord) => number;
}

function seriesOf(phase: Phase | undefined, { arm, arms, color, values, x }: SeriesContext): Series[] {
  if (phase === undefined) return [];
  return FIELDS[values].map(([field, images]): Series => ({
    name: nameWithin(arms, arm.name, `${phase.network}, ${images}`),
    color: color % COLOR_COUNT,
    isDashed: field.startsWith("train"),
    points: phase.epochs.flatMap((record): Point[] => {
      const value = record[field];
      return value === undefined ? [] : [[x(record), value]];
    }),
  }));
}

/** A single arm needs no name. */
function nameWithin(arms: readonly Arm[], name: string, rest: string): string {
  return arms.length > 1 ? `${name}, ${rest}` : rest;
}
