// @ts-types="npm:@types/d3-scale@4.0.9"
import { type ScaleLinear, scaleLinear } from "d3-scale";
import type { ClassReport, TestReport } from "../stages/mod.ts";
import { coordinate, escapeHtml } from "./html.ts";
import { formatShare, shorten } from "./words.ts";

/** Classes that are shown; of more the weakest. */
const MOST_CLASSES = 20;
const ROW = 30;
const BAR = 8;
const TOP = 24;
const LETTER = 7;

/** A page shows one of both: texts keep their size. */
const SIZES = { wide: { width: 520, letters: 18 }, narrow: { width: 312, letters: 11 } } as const;

type SizeName = keyof typeof SIZES;

/**
 * Draws recall and precision of each class as bars, in the order of the labels; of many classes the weakest by F1.
 *
 * @param test Answers to the test images.
 * @returns An HTML element.
 */
export function renderClassBars({ classes }: Pick<TestReport, "classes">): string {
  const shown = classes.length <= MOST_CLASSES ? classes : weakest(classes);
  const title = shown === classes ? "Each class" : `The ${MOST_CLASSES} weakest of ${classes.length} classes`;
  const legend = [
    ["color0", "recall: images of the class that were recognised"],
    ["color1", "precision: answers “this class” that were right"],
  ].map(([color, words]) =>
    `<li class="${color}"><svg class="key ${color}" viewBox="0 0 30 12" aria-hidden="true"><rect class="bar" y="2" width="30" height="8" rx="2"/></svg>${words}</li>`
  );
  return `<figure class="panel"><figcaption>${title}</figcaption><ul class="legend words">${
    legend.join("").replaceAll(/<li class="[^"]*">/g, "<li>")
  }</ul>${drawBars(shown, "wide")}${drawBars(shown, "narrow")}</figure>`;
}

function weakest(classes: readonly ClassReport[]): ClassReport[] {
  return classes.toSorted((a, b) => (a.f1 ?? 2) - (b.f1 ?? 2)).slice(0, MOST_CLASSES);
}

function drawBars(classes: readonly ClassReport[], sizeName: SizeName): string {
  const { width, letters } = SIZES[sizeName];
  const names = classes.map(({ name }) => shorten(name, letters));
  const left = 12 + LETTER * Math.max(...names.map((name) => name.length), 4);
  const x = scaleLinear().domain([0, 1]).range([left, width - 104]);
  const bottom = TOP + classes.length * ROW;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((tick) => {
    const at = coordinate(x(tick));
    return `<line class="grid" x1="${at}" x2="${at}" y1="${TOP - 4}" y2="${bottom}"/>` +
      `<text class="tick" x="${at}" y="${TOP - 10}" text-anchor="middle">${100 * tick}${tick === 1 ? " %" : ""}</text>`;
  });
  const heading = `<text class="heading" x="${width - 54}" y="${TOP - 10}" text-anchor="end">F1</text>` +
    `<text class="heading" x="${width}" y="${TOP - 10}" text-anchor="end">images</text>`;
  const rows = classes.map((report, i) => drawRow(report, { name: names[i]!, top: TOP + i * ROW, width, x }));
  const described = classes.map(({ name, recall, precision }) =>
    `${name}: recall ${percent(recall)}, precision ${percent(precision)}`
  );
  return `<svg class="chart ${sizeName}" viewBox="0 0 ${width} ${bottom + 4}" role="img" aria-label="${
    escapeHtml(described.join(". "))
  }">${ticks.join("")}${heading}${rows.join("\n")}</svg>`;
}

function drawRow(
  { name: fullName, recall, precision, f1, support }: ClassReport,
  { name, top, width, x }: { name: string; top: number; width: number; x: ScaleLinear<number, number> },
): string {
  const middle = coordinate(top + ROW / 2);
  const text = (at: number, words: string, type = "tick") =>
    `<text class="${type}" x="${coordinate(at)}" y="${middle}" dy="0.34em" text-anchor="end">${
      escapeHtml(words)
    }</text>`;
  const bar = (value: number | null, offset: number, [color, words]: readonly [string, string]) =>
    `<rect class="bar ${color}" x="${coordinate(x(0))}" y="${coordinate(top + ROW / 2 + offset)}" width="${
      coordinate(x(value ?? 0) - x(0))
    }" height="${BAR}" rx="2"><title>${escapeHtml(`${fullName}: ${words} ${percent(value)}`)}</title></rect>`;
  return [
    text(x(0) - 8, name, "name"),
    bar(recall, -BAR - 0.75, ["color0", "recall"]),
    bar(precision, 0.75, ["color1", "precision"]),
    text(width - 54, f1 === null ? "–" : (100 * f1).toFixed(1)),
    text(width, support.toLocaleString("en")),
  ].join("");
}

function percent(value: number | null): string {
  return value === null ? "not measured" : formatShare(value);
}
