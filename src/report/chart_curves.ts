// @ts-types="npm:@types/d3-shape@3.1.7"
import {
  area,
  line,
  symbol,
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  type SymbolType,
  symbolWye,
} from "d3-shape";
import type { ValueScale } from "./chart_scale.ts";
import { coordinate, escapeHtml } from "./html.ts";

/** A point of a curve. */
export type Point = readonly [x: number, y: number];

/** A curve of a chart: one stretch of one network's learning. */
export interface Series {
  /** Name for the tooltip. */
  readonly name: string;
  /** Which of the page's colours and shapes it has, from 0. */
  readonly color: number;
  /** Whether it is of secondary interest, such as loss while training: drawn with dashes and small dots. */
  readonly isDashed?: boolean | undefined;
  /** Whether its points are things by themselves, with no line from one to the next. */
  readonly isScattered?: boolean | undefined;
  /** What stands beside its first point. */
  readonly label?: string | undefined;
  /** Points in order of x. */
  readonly points: readonly Point[];
  /** Area around the curve, such as the range over seeds: lowest and highest y, in order of x. */
  readonly band?: readonly (readonly [x: number, low: number, high: number])[] | undefined;
}

/** Edges of a plot in pixels, and its vertical axis. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly y: ValueScale;
}

/** Where a curve is drawn. */
export interface Place extends Frame {
  /** Horizontal place of a value. */
  readonly x: (value: number) => number;
  /** Words a point for its tooltip. */
  readonly describe: (series: Series, point: Point) => string;
  /** Words a value that lies beyond the axis. */
  readonly format: (value: number) => string;
}

// Shapes tell curves apart where colours cannot.
const SHAPES: readonly SymbolType[] = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolStar,
  symbolWye,
];

/** Beyond this many points, dots would hide the curve. */
const MOST_DOTS = 60;
/** Least distance in pixels between the values that are written at the edge. */
const APART = 36;

/** The shape of a colour's points, around the origin; its area in square pixels. */
export function shapeOf(color: number, size: number): string {
  return (symbol(SHAPES[color % SHAPES.length], size)() ?? "").replace(/-?\d+\.\d+/g, (n) => coordinate(Number(n)));
}

/** The areas around curves. */
export function drawBand({ band = [], color }: Series, { x, y }: Place): string {
  if (band.length < 2) return "";
  const shape = area<readonly [number, number, number]>().x((point) => x(point[0])).y0((point) => y.place(point[1]))
    .y1((point) => y.place(point[2]));
  return `<path class="band color${color}" d="${shape([...band])}"/>`;
}

/** Straight from point to point, cut off at the edges of the plot. */
export function drawLine({ points, color, isDashed, name }: Series, { x, y, left, right, top, bottom }: Place): string {
  const path = line<Point>().x((point) => x(point[0])).y((point) => y.place(point[1]));
  const [width, height] = [right - left, bottom - top];
  const frame = [left, top, width, height].map(coordinate);
  return `<svg x="${frame[0]}" y="${frame[1]}" width="${frame[2]}" height="${frame[3]}" viewBox="${frame.join(" ")}">` +
    `<path class="curve${isDashed ? " dashed" : ""} color${color}" d="${path([...points])}"><title>${
      escapeHtml(name)
    }</title></path></svg>`;
}

/** The words beside a curve's first point, on the side where there is more room. */
export function drawLabel({ label, points, color }: Series, { x, y, left, right }: Place): string {
  if (label === undefined) return "";
  const [px, py] = points[0]!;
  const at = x(px);
  const isLeft = at > (left + right) / 2;
  return `<text class="label halo color${color}" x="${coordinate(at + (isLeft ? -9 : 9))}" y="${
    coordinate(y.place(py))
  }" dy="1.35em" text-anchor="${isLeft ? "end" : "start"}">${escapeHtml(label)}</text>`;
}

/** A dot a point; what lies beyond the axis is an arrow at its edge, with its value. */
export function drawDots(series: Series, place: Place): string {
  const { points, color, isDashed = false } = series;
  const { x, y, describe } = place;
  const [low, high] = y.domain;
  const isCrowded = points.length > MOST_DOTS;
  const dots = points.map((point) => {
    const [px, py] = point;
    if (py > high || py < low || isCrowded) return "";
    const at = `translate(${coordinate(x(px))},${coordinate(y.place(py))})`;
    return `<path class="dot${isDashed ? " small" : ""}" d="${shapeOf(color, isDashed ? 12 : 42)}" transform="${at}">` +
      `<title>${escapeHtml(describe(series, point))}</title></path>`;
  });
  return `<g class="color${color}">${dots.join("")}${drawOutliers(series, place)}</g>`;
}

function drawOutliers(series: Series, place: Place): string {
  const { x, y, top, bottom, describe, format } = place;
  const [low, high] = y.domain;
  let lastLabel = -Infinity;
  return series.points.filter(([, value]) => value > high || value < low).map((point) => {
    const [px, value] = point;
    const isAbove = value > high;
    const [at, edge, tip] = [x(px), isAbove ? top : bottom, isAbove ? 8 : -8];
    const arrow = `M${coordinate(at)},${coordinate(edge)}l-4.5,${tip}h9z`;
    const isRoom = at - lastLabel >= APART;
    if (isRoom) lastLabel = at;
    const isNearRight = at > place.right - APART;
    const label = !isRoom
      ? ""
      : `<text class="outlier-value" x="${coordinate(at + (isNearRight ? -7 : 7))}" y="${
        coordinate(edge + (isAbove ? 9 : -2))
      }" text-anchor="${isNearRight ? "end" : "start"}">${escapeHtml(format(value))}</text>`;
    return `<g class="outlier"><path d="${arrow}"><title>${
      escapeHtml(describe(series, point))
    }</title></path>${label}</g>`;
  }).join("");
}
