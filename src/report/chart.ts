// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear, scaleLog } from "d3-scale";
import {
  drawBand,
  drawDots,
  drawLabel,
  drawLine,
  type Frame,
  type Place,
  type Point,
  type Series,
} from "./chart_curves.ts";
import { breakHeading, drawHeading, GAP, headHeight } from "./chart_heading.ts";
import { drawMarks, type Mark } from "./chart_marks.ts";
import {
  formatSize,
  formatTick,
  formatValue,
  lossScale,
  shareScale,
  sizeTicks,
  spread,
  type Values,
  type ValueScale,
} from "./chart_scale.ts";
import { drawDivider, drawTimelines, type Timeline, timelineHeight } from "./chart_timeline.ts";
import { coordinate, escapeHtml } from "./html.ts";

/** A part of a chart with a horizontal axis of its own: networks that are not the same stand in different ones. */
export interface Panel {
  /** What stands above it, such as `supernet, finetuning`; a comma is where it may be broken. */
  readonly heading: string;
  /** What the horizontal axis says. */
  readonly xLabel: string;
  /** Whether x is a whole number. */
  readonly isCount: boolean;
  /** Whether x is a size, above 0, of which equal ratios are equal distances. */
  readonly isSize?: boolean | undefined;
  /** Its curves. */
  readonly series: readonly Series[];
  /** Above the plot, one a row: when an arm worked on what. Where one stretch ends, a divider crosses the plot. */
  readonly timelines?: readonly Timeline[] | undefined;
}

/** What a chart shows. */
export interface Chart {
  /** Title above it. */
  readonly title: string;
  /** What its values are: shares, shown as percentages, or losses in nats. */
  readonly values: Values;
  /** Its parts, from left to right, with a divider between them. */
  readonly panels: readonly Panel[];
  /** Figures at the end. */
  readonly marks?: readonly Mark[] | undefined;
  /** What stands above them, a word a line. */
  readonly marksHeading?: string | undefined;
  /** A height worth knowing, such as the loss of guessing. */
  readonly rule?: { readonly name: string; readonly value: number } | undefined;
}

/** A page shows one of both: texts keep their size. */
const SIZES = {
  wide: { width: 520, height: 330, left: 46, right: 12, marks: 74 },
  narrow: { width: 312, height: 304, left: 46, right: 8, marks: 70 },
} as const;

type SizeName = keyof typeof SIZES;

const BOTTOM = 42;
/** Between the edges of a panel and its points. */
const INSET = 9;
/** Least share of the width that a panel has. */
const LEAST_PANEL = 0.34;

/**
 * Renders a chart as a figure with a caption, drawn for wide pages and for phones.
 *
 * @param chart What it shows. Points that are not finite are left out.
 * @returns An HTML element; an empty text if there is nothing to draw.
 */
export function renderFigure(chart: Chart): string {
  const wide = drawChart(chart, "wide");
  if (wide === "") return "";
  const unit = chart.values === "share"
    ? ""
    : `<span class="unit">nats${wide.includes(`data-scale="log"`) ? ", logarithmic scale" : ""}</span>`;
  return `<figure class="panel"><figcaption>${escapeHtml(chart.title)}${unit}</figcaption>${wide}${
    drawChart(chart, "narrow")
  }</figure>`;
}

/**
 * Draws a chart: straight lines from point to point, one polyline a curve.
 *
 * @param chart What it shows.
 * @param sizeName For which width.
 * @returns An SVG element; an empty text if there is nothing to draw.
 */
export function drawChart(chart: Chart, sizeName: SizeName = "wide"): string {
  const panels = chart.panels.map(cleanPanel).filter(({ series }) => series.length > 0);
  if (panels.length === 0) return "";
  const size = SIZES[sizeName];
  const marks = (chart.marks ?? []).filter(({ value }) => Number.isFinite(value));
  const hasColumn = marks.length > 0 || chart.rule !== undefined;
  const right = size.width - (hasColumn ? size.marks : size.right);
  const edges = placePanels(panels, size.left, right);
  const top = Math.max(
    marks.length > 0 ? headHeight(2) : 0,
    ...panels.map((panel, i) => heightAbove(panel, edges[i]!.right - edges[i]!.left)),
  );
  const bottom = size.height - BOTTOM;
  const y = scaleOf(chart, panels, marks, [bottom - 4, top + 6]);
  return [
    `<svg class="chart ${sizeName}" viewBox="0 0 ${size.width} ${size.height}" role="img" data-scale="${
      y.isLogarithmic ? "log" : "linear"
    }" aria-label="${escapeHtml(describeChart(chart, panels, marks))}">`,
    drawGrid(chart, y, { left: size.left, right }),
    ...panels.map((panel, i) => drawPanel(chart, panel, { ...edges[i]!, y, top, bottom })),
    ...edges.slice(1).map(({ left }) => drawDivider(left - GAP / 2, bottom)),
    marks.length === 0 ? "" : drawMarks(chart, marks, { left: right, right: size.width, y, top, bottom }),
    "</svg>",
  ].filter((part) => part !== "").join("\n");
}

/** A panel without what cannot be drawn. */
function cleanPanel(panel: Panel): Panel {
  const series = panel.series.map((curve) => ({
    ...curve,
    points: curve.points.filter((point) => point.every(Number.isFinite)),
  })).filter(({ points }) => points.length > 0);
  return { ...panel, series };
}

function scaleOf(
  { values, rule }: Chart,
  panels: readonly Panel[],
  marks: readonly Mark[],
  range: readonly [number, number],
): ValueScale {
  const all = panels.flatMap(({ series }) =>
    series.flatMap(({ points, band = [] }) => [...points, ...band].flatMap(([, ...heights]) => heights))
  ).concat(marks.map(({ value }) => value)).filter(Number.isFinite);
  if (values === "share") return shareScale(all, range);
  return lossScale(rule === undefined ? all : [...all, rule.value], range);
}

/** What stands above the plot of a panel takes so many pixels. */
function heightAbove({ heading, timelines }: Panel, width: number): number {
  return timelines === undefined ? headHeight(breakHeading(heading, width).length) : timelineHeight(timelines);
}

/** Panels share the width by how far their axes reach. */
function placePanels(panels: readonly Panel[], left: number, right: number) {
  const extents = panels.map((panel) => {
    const [low, high] = extentOf(panel);
    return high - low;
  });
  const total = extents.reduce((sum, extent) => sum + extent, 0);
  const shares = extents.map((extent) => Math.max(LEAST_PANEL, extent / total));
  const sum = shares.reduce((sum, share) => sum + share, 0);
  const width = right - left - GAP * (panels.length - 1);
  let at = left;
  return shares.map((share) => {
    const edges = { left: at, right: at + width * share / sum };
    at = edges.right + GAP;
    return edges;
  });
}

function extentOf({ series, isCount, isSize, timelines = [] }: Panel): [number, number] {
  const xs = series.flatMap(({ points }) => points.map(([x]) => x));
  if (isSize) return spread(Math.min(...xs), Math.max(...xs));
  const ends = timelines.flatMap(({ stretches }) => stretches.map(({ end }) => end));
  const [low, high] = [isCount ? Math.min(...xs) : 0, Math.max(...xs, ...ends)];
  return high > low ? [low, high] : isCount ? [low - 0.5, high + 0.5] : spread(low, high);
}

function drawGrid({ values, rule }: Chart, y: ValueScale, { left, right }: { left: number; right: number }): string {
  const lines = y.ticks.map((tick) => {
    const at = coordinate(y.place(tick));
    return `<line class="grid" x1="${left}" x2="${right}" y1="${at}" y2="${at}"/>` +
      `<text class="tick" x="${left - 7}" y="${at}" dy="0.32em" text-anchor="end">${formatTick(tick, values)}</text>`;
  });
  if (rule !== undefined) {
    const at = y.place(rule.value);
    lines.push(
      `<line class="rule" x1="${left}" x2="${right}" y1="${coordinate(at)}" y2="${coordinate(at)}"/>` +
        `<text class="tick" x="${coordinate(right + 5)}" y="${coordinate(at)}" dy="0.34em">${
          escapeHtml(rule.name)
        }</text>`,
    );
  }
  return lines.join("");
}

function drawPanel(chart: Chart, panel: Panel, frame: Frame): string {
  const { left, right, top, bottom } = frame;
  const scale = panel.isSize ? scaleLog() : scaleLinear();
  const x = scale.domain(extentOf(panel)).range([left + INSET, right - INSET]);
  const place: Place = {
    ...frame,
    x,
    describe: ({ name }, [px, value]) => `${name}: ${formatValue(value, chart.values)} at ${wordPlace(panel, px)}`,
    format: (value) => formatValue(value, chart.values),
  };
  const most = Math.max(2, Math.min(7, Math.floor((right - left) / (panel.isCount ? 26 : 42))));
  const ticks = panel.isSize
    ? sizeTicks(extentOf(panel), most)
    : x.ticks(most).filter((tick) => !panel.isCount || Number.isInteger(tick));
  return [
    `<g class="phase">`,
    panel.timelines === undefined
      ? drawHeading(breakHeading(panel.heading, right - left), (left + right) / 2, top)
      : drawTimelines(panel.timelines, { ...frame, x }),
    `<line class="axis" x1="${coordinate(left)}" x2="${coordinate(right)}" y1="${bottom}" y2="${bottom}"/>`,
    ...ticks.map((tick) =>
      `<text class="tick" x="${coordinate(x(tick))}" y="${bottom + 16}" text-anchor="middle">${
        panel.isSize ? formatSize(tick) : Number(tick.toFixed(2))
      }</text>`
    ),
    `<text class="tick" x="${coordinate((left + right) / 2)}" y="${bottom + 34}" text-anchor="middle">${
      escapeHtml(panel.xLabel)
    }</text>`,
    // Bands lie below all curves, and curves below all dots.
    ...panel.series.map((series) => drawBand(series, place)),
    ...panel.series.filter(({ isScattered }) => !isScattered).map((series) => drawLine(series, place)),
    ...panel.series.map((series) => drawDots(series, place)),
    ...panel.series.map((series) => drawLabel(series, place)),
    "</g>",
  ].filter((part) => part !== "").join("\n");
}

/** Where a point is, as its axis says it. */
function wordPlace({ xLabel, isCount, isSize }: Panel, x: number): string {
  if (isSize) return `${x.toLocaleString("en", { maximumFractionDigits: 2 })} ${xLabel.split(",")[0]}`;
  return `${xLabel} ${Number(x.toFixed(isCount ? 2 : 1))}`;
}

function describeChart({ title, values }: Chart, panels: readonly Panel[], marks: readonly Mark[]): string {
  const curves = panels.flatMap(({ series, xLabel, isSize }) =>
    series.map(({ name, points }) => {
      const [[from, first], [to, last]] = [points[0]!, points.at(-1)!] as [Point, Point];
      if (isSize) {
        const all = points.map(([x, value]) => `${formatValue(value, values)} at ${formatSize(x)}`);
        return `${name}, by ${xLabel}: ${all.join(", ")}`;
      }
      const start = `${formatValue(first, values)} at ${xLabel} ${Number(from.toFixed(1))}`;
      if (points.length === 1) return `${name}: ${start}`;
      return `${name}: from ${start} to ${formatValue(last, values)} at ${Number(to.toFixed(1))}`;
    })
  );
  return [title, ...curves, ...marks.map(({ name, value }) => `${name}: ${formatValue(value, values)}`)].join(". ");
}
