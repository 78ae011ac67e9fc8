// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear } from "d3-scale";
// @ts-types="npm:@types/d3-shape@3.1.7"
import { area, curveMonotoneX, line } from "d3-shape";
import { coordinate, escapeHtml } from "./html.ts";

/** A point of a curve. */
export type Point = readonly [x: number, y: number];

/** A curve of a chart. */
export interface Series {
  /** Name for the tooltip. */
  readonly name: string;
  /** Which of the page's colours it has, from 0. */
  readonly color: number;
  /** Whether it is of secondary interest, such as loss while training: drawn with dashes and without dots. */
  readonly isDashed?: boolean;
  /** Points in order of x. */
  readonly points: readonly Point[];
  /** Area around the curve, such as the range over seeds: lowest and highest y, in order of x. */
  readonly band?: readonly (readonly [x: number, low: number, high: number])[];
}

/** What a chart shows. */
export interface ChartOptions {
  /** Title above it. */
  readonly title: string;
  /** What the horizontal axis says. */
  readonly xLabel: string;
  /** Its curves. */
  readonly series: readonly Series[];
  /** Whether y is a share, shown as a percentage. */
  readonly isShare?: boolean;
  /** Whether x is a whole number. */
  readonly isCount?: boolean;
}

const WIDTH = 520;
const HEIGHT = 300;
const MARGIN = { top: 34, right: 16, bottom: 44, left: 52 };
/** Beyond this many points, dots would hide the curve. */
const MOST_DOTS = 60;

/**
 * Draws curves over a horizontal axis.
 *
 * @param options Title, axis, curves. Points that are not finite are left out.
 * @returns An SVG element; an empty text if there is nothing to draw.
 */
export function drawChart({ title, xLabel, series, isShare = false, isCount = false }: ChartOptions): string {
  const curves = series.map((curve) => ({
    ...curve,
    points: curve.points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)),
  })).filter(({ points }) => points.length > 0);
  if (curves.length === 0) return "";
  const xs = curves.flatMap(({ points }) => points.map(([x]) => x));
  const ys = curves.flatMap(({ points, band = [] }) => [...points, ...band].flatMap(([, ...values]) => values));
  const x = scaleLinear().domain(spread(isCount ? Math.min(...xs) : 0, Math.max(...xs)))
    .range([MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear().domain(spread(Math.min(...ys), Math.max(...ys)))
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]).nice(5);
  if (isShare && y.domain()[1]! > 1) y.domain([y.domain()[0]!, 1]);
  const formatY = isShare ? y.tickFormat(5, "~%") : y.tickFormat(5);
  const xTicks = x.ticks(6).filter((tick) => !isCount || Number.isInteger(tick));
  const grid = y.ticks(5).map((tick) => {
    const at = coordinate(y(tick));
    return `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}"/>` +
      `<text class="tick" x="${MARGIN.left - 8}" y="${at}" dy="0.32em" text-anchor="end">${formatY(tick)}</text>`;
  });
  const ticks = xTicks.map((tick) =>
    `<text class="tick" x="${coordinate(x(tick))}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${
      isCount ? tick : x.tickFormat(6)(tick)
    }</text>`
  );
  const path = line<Point>().x((point) => x(point[0])).y((point) => y(point[1])).curve(curveMonotoneX);
  const shape = area<readonly [number, number, number]>().x((point) => x(point[0])).y0((point) => y(point[1]))
    .y1((point) => y(point[2])).curve(curveMonotoneX);
  // All of them below all curves.
  const bands = curves.flatMap(({ band = [], color }) =>
    band.length < 2 ? [] : [`<path class="band color${color}" d="${shape([...band])}"/>`]
  );
  const lines = curves.map((curve) => {
    const style = curve.isDashed ? "curve dashed" : "curve";
    // A path of one point is invisible.
    const hasDots = curve.points.length === 1 || !curve.isDashed && curve.points.length <= MOST_DOTS;
    const dots = !hasDots ? [] : curve.points.map(([px, py]) => {
      const value = isShare ? `${(100 * py).toFixed(2)} %` : py.toPrecision(4);
      const label = `${curve.name}: ${value} at ${xLabel} ${Number(px.toFixed(isCount ? 2 : 1))}`;
      return `<circle cx="${coordinate(x(px))}" cy="${coordinate(y(py))}" r="3"><title>${
        escapeHtml(label)
      }</title></circle>`;
    });
    return `<g class="color${curve.color}"><path class="${style}" d="${path(curve.points)}"><title>${
      escapeHtml(curve.name)
    }</title></path>${dots.join("")}</g>`;
  });
  return [
    `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">`,
    `<text class="title" x="${MARGIN.left}" y="16">${escapeHtml(title)}</text>`,
    ...grid,
    `<line class="axis" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${HEIGHT - MARGIN.bottom}" y2="${
      HEIGHT - MARGIN.bottom
    }"/>`,
    ...ticks,
    `<text class="tick" x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${
      escapeHtml(xLabel)
    }</text>`,
    ...bands,
    ...lines,
    "</svg>",
  ].join("\n");
}

/** A range of some extent, whatever the values are. */
function spread(low: number, high: number): [number, number] {
  if (high > low) return [low, high];
  const margin = Math.abs(low) * 0.1 || 0.5;
  return [low - margin, high + margin];
}
