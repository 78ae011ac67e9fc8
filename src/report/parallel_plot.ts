// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear, scaleLog, scalePoint } from "d3-scale";
// @ts-types="npm:@types/d3-shape@3.1.7"
import { line } from "d3-shape";
import { coordinate, escapeHtml } from "./html.ts";
import { formatShare, shorten } from "./words.ts";

/** A line of the plot. */
export interface ParallelLine {
  /** What it is of, as its tooltip says. */
  readonly name: string;
  /** Values on the axes, in their order; a value that is absent is a place of its own. */
  readonly values: readonly (number | string | undefined)[];
  /** What it comes to, 0 to 1: the last axis. */
  readonly share: number;
}

const [WIDTH, HEIGHT, TOP, BOTTOM, SIDE] = [860, 330, 34, 26, 60];
/** Largest over smallest value from which an axis is logarithmic. */
const MANY_TIMES = 50;
/** Share of the lines that stand out: the best. */
const BEST = 0.25;

interface Axis {
  readonly place: (value: number | string | undefined) => number;
  readonly ends: readonly (readonly [words: string, y: number])[];
}

/**
 * Draws parallel coordinates: an axis a setting, a line from axis to axis for what was tried, and what it came to on the last one. The
 * best quarter stands out.
 *
 * @param names Names of the axes, all but the last.
 * @param lines The lines.
 * @param last What the last axis is.
 * @returns An HTML element; an empty text without an axis or a line.
 */
export function renderParallelPlot(names: readonly string[], lines: readonly ParallelLine[], last: string): string {
  if (names.length === 0 || lines.length === 0) return "";
  const axes = [
    ...names.map((_, i) => axisOf(lines.map(({ values }) => values[i]), String)),
    axisOf(lines.map(({ share }) => share), (share) => formatShare(Number(share))),
  ];
  const x = scalePoint<number>().domain(axes.map((_, i) => i)).range([SIDE, WIDTH - SIDE]);
  const least = lines.map(({ share }) => share).sort((a, b) => b - a)[Math.ceil(BEST * lines.length) - 1]!;
  const path = line();
  const drawn = lines.toSorted((a, b) => a.share - b.share).map(({ name, values, share }) => {
    const points = [...values, share].map((value, i): [number, number] => [x(i)!, axes[i]!.place(value)]);
    const style = share >= least ? `class="curve color0"` : `class="curve color2" opacity="0.35"`;
    const title = `${name}: ${formatShare(share)}`;
    return `<path fill="none" ${style} d="${path(points)}"><title>${escapeHtml(title)}</title></path>`;
  });
  const words = `Settings and ${last} of ${lines.length} trials, the best ${formatShare(Math.max(least, 0))} or more`;
  return `<figure class="panel"><svg class="leads" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${
    escapeHtml(words)
  }">${drawn.join("\n")}${axes.map((axis, i) => drawAxis(axis, names[i] ?? last, x(i)!)).join("")}</svg></figure>`;
}

function axisOf(values: readonly (number | string | undefined)[], format: (value: number | string) => string): Axis {
  const range = [HEIGHT - BOTTOM, TOP];
  const numbers = values.filter((value) => typeof value === "number");
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (numbers.length === values.length && low < high) {
    const scale = (low > 0 && high / low >= MANY_TIMES ? scaleLog() : scaleLinear()).domain([low, high]).range(range);
    return { place: (value) => scale(value as number), ends: [low, high].map((end) => [format(end), scale(end)]) };
  }
  const kinds = [...new Set(values.map((value) => value === undefined ? "–" : format(value)))].sort();
  const scale = scalePoint().domain(kinds).range(range);
  return {
    place: (value) => scale(value === undefined ? "–" : format(value))!,
    ends: kinds.map((kind) => [kind, scale(kind)!]),
  };
}

function drawAxis({ ends }: Axis, name: string, x: number): string {
  const at = coordinate(x);
  const ticks = ends.map(([words, y]) =>
    `<text class="tick halo" x="${coordinate(x + 5)}" y="${coordinate(y)}" dy="0.32em">${
      escapeHtml(shorten(words, 18))
    }</text>`
  );
  return `<path stroke="currentColor" opacity="0.4" d="M${at},${TOP}V${HEIGHT - BOTTOM}"/>` +
    `<text class="heading" x="${at}" y="16" text-anchor="middle">${escapeHtml(shorten(name, 22))}</text>${
      ticks.join("")
    }`;
}
