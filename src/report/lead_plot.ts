// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear } from "d3-scale";
import type { TargetComparison } from "../compare/mod.ts";
import { shapeOf } from "./chart_curves.ts";
import { coordinate, escapeHtml } from "./html.ts";
import { COLOR_COUNT } from "./style.ts";
import { nameOf } from "./words.ts";

const SIZES = {
  wide: { width: 760, right: 70 },
  narrow: { width: 312, right: 46 },
} as const;

const CHARACTER_WIDTH = 7;
const ROW = 30;
const TOP = 8;
const BOTTOM = 40;

interface Row {
  readonly arm: string;
  readonly color: number;
  /** Lead on each target, in points. */
  readonly leads: readonly { readonly target: string; readonly points: number }[];
  readonly mean: number;
}

/**
 * Draws by how many points of test accuracy each arm is ahead of scratch: a small dot a target, a large one for their mean.
 *
 * @param targets The targets.
 * @param arms Arms, in the order of their colours.
 * @returns HTML elements; an empty text if nothing was compared with scratch.
 */
export function renderLeads(targets: readonly TargetComparison[], arms: readonly string[]): string {
  const rows = arms.flatMap((arm, i): Row[] => {
    const leads = targets.flatMap(({ name, arms }) => {
      const mean = arms.find((other) => other.arm === arm)?.againstScratch?.mean;
      return mean === undefined || mean === null ? [] : [{ target: nameOf(name), points: 100 * mean }];
    });
    if (leads.length === 0) return [];
    const mean = leads.reduce((sum, { points }) => sum + points, 0) / leads.length;
    return [{ arm, color: i % COLOR_COUNT, leads, mean }];
  });
  if (rows.length === 0) return "";
  const note = "Points of test accuracy; a small dot is a target, the large shape their mean.";
  return `<figure class="panel"><figcaption>Ahead of scratch<span class="unit">${note}</span></figcaption>${
    drawLeads(rows, "wide")
  }${drawLeads(rows, "narrow")}</figure>`;
}

function drawLeads(rows: readonly Row[], sizeName: keyof typeof SIZES): string {
  const { width, right } = SIZES[sizeName];
  const left = Math.max(...rows.map(({ arm }) => arm.length)) * CHARACTER_WIDTH + 16;
  const all = rows.flatMap(({ leads }) => leads.map(({ points }) => points));
  const x = scaleLinear().domain([Math.min(-1, ...all), Math.max(1, ...all)]).nice(6).range([left, width - right]);
  const bottom = TOP + rows.length * ROW;
  const ticks = x.ticks(sizeName === "wide" ? 8 : 4).map((tick) => {
    const at = coordinate(x(tick));
    return `<line class="${tick === 0 ? "zero" : "grid"}" x1="${at}" x2="${at}" y1="${TOP}" y2="${bottom}"/>` +
      `<text class="tick" x="${at}" y="${bottom + 16}" text-anchor="middle">${signed(tick, 0)}</text>`;
  });
  const words = rows.map(({ arm, mean }) => `${arm}: ${signed(mean, 1)} points`).join("; ");
  return [
    `<svg class="leads ${sizeName}" viewBox="0 0 ${width} ${bottom + BOTTOM}" role="img" aria-label="${
      escapeHtml(`Ahead of scratch, mean over targets. ${words}`)
    }">`,
    ...ticks,
    `<text class="tick" x="${(left + width - right) / 2}" y="${
      bottom + 34
    }" text-anchor="middle">points ahead of scratch</text>`,
    ...rows.map((row, i) => drawRow(row, { x, y: TOP + (i + 0.5) * ROW, left, end: width })),
    "</svg>",
  ].join("\n");
}

function drawRow(
  { arm, color, leads, mean }: Row,
  { x, y, left, end }: { x: (value: number) => number; y: number; left: number; end: number },
): string {
  const dots = leads.map(({ target, points }) =>
    `<circle class="one" cx="${coordinate(x(points))}" cy="${coordinate(y)}" r="3.5"><title>${
      escapeHtml(`${arm}, ${target}: ${signed(points, 1)} points`)
    }</title></circle>`
  );
  const label = `<text x="${left - 12}" y="${coordinate(y)}" dy="0.34em" text-anchor="end">${escapeHtml(arm)}</text>`;
  const value = `<text class="value" x="${end - 4}" y="${coordinate(y)}" dy="0.34em" text-anchor="end">${
    signed(mean, 1)
  }</text>`;
  return `<g class="color${color}">${label}${leads.length > 1 ? dots.join("") : ""}<path class="solid" d="${
    shapeOf(color, 70)
  }" transform="translate(${coordinate(x(mean))},${coordinate(y)})"/>${value}</g>`;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}
