import type { AlphaFrame, AlphaHistory, AlphaMatrix } from "./alpha_history.ts";
import { coordinate, escapeHtml } from "./html.ts";
import { renderTable } from "./html_table.ts";
import { shorten } from "./words.ts";

/** Most moments that a box shows, evenly chosen, the first and the last among them. */
const MOST_FRAMES = 24;
/** Shades between the weakest and the strongest. */
const SHADES = 12;
const LETTER = 6.2;
/** Between rows that are terms of different sums. */
const SUM_GAP = 6;

/** A page shows one of both: texts keep their size. */
const SIZES = { wide: { width: 520, row: 17, letters: 26 }, narrow: { width: 312, row: 16, letters: 24 } } as const;

type SizeName = keyof typeof SIZES;

/**
 * Draws what alpha said of every candidate while the supernet learnt: a row an edge, a column an operation, and in each box one
 * bar a moment, from left to right, the fuller its colour the stronger. What was derived is outlined.
 *
 * @param history What alpha said; an empty text for none.
 * @returns HTML elements: a figure a matrix, with the last numbers in a table.
 */
export function renderAlpha(history: AlphaHistory | undefined): string {
  if (history === undefined) return "";
  const figures = history.matrices.map((matrix) => renderMatrix(matrix, thinOut(history.frames)));
  return `<div class="grid2 top">${figures.join("\n")}</div>`;
}

interface Drawing {
  readonly matrix: AlphaMatrix;
  readonly frames: readonly AlphaFrame[];
  readonly low: number;
  readonly high: number;
  readonly format: (strength: number) => string;
}

function renderMatrix(matrix: AlphaMatrix, frames: readonly AlphaFrame[]): string {
  const count = matrix.groups.length * matrix.candidates.length;
  const all = frames.flatMap(({ strengths }) => strengths.slice(matrix.offset, matrix.offset + count));
  // What was pruned away has no strength, and no shade.
  const held = all.filter((strength) => strength !== 0);
  const [low, high] = held.length === 0 ? [0, 0] : [Math.min(...held), Math.max(...held)];
  const format = all.every((strength) => strength >= 0 && strength <= 1)
    ? (strength: number) => `${(100 * strength).toFixed(1)} %`
    : (strength: number) => String(Number(strength.toPrecision(3)));
  const drawing = { matrix, frames, low, high, format };
  const legend = `<ul class="legend">${keyOf(0, `weakest, ${format(low)}`)}${
    keyOf(SHADES, `strongest, ${format(high)}`)
  }</ul>`;
  return `<figure class="panel"><figcaption>${escapeHtml(matrix.title)}</figcaption>${legend}${
    drawMatrix(drawing, "wide")
  }${drawMatrix(drawing, "narrow")}<details><summary>Its last numbers</summary>${
    renderTable(tabulate(drawing))
  }</details></figure>`;
}

function keyOf(shade: number, words: string): string {
  return `<li><svg class="key alpha" viewBox="0 0 30 12" aria-hidden="true"><rect class="ground" width="30" height="12"/>` +
    `<rect class="shade color0" fill-opacity="${opacityOf(shade)}" width="30" height="12"/></svg>${
      escapeHtml(words)
    }</li>`;
}

function opacityOf(shade: number): string {
  return (0.04 + 0.96 * shade / SHADES).toFixed(2);
}

/** At most {@linkcode MOST_FRAMES} of all moments. */
function thinOut(frames: readonly AlphaFrame[]): readonly AlphaFrame[] {
  if (frames.length <= MOST_FRAMES) return frames;
  return Array.from(
    { length: MOST_FRAMES },
    (_, i) => frames[Math.round(i * (frames.length - 1) / (MOST_FRAMES - 1))]!,
  );
}

function strengthAt({ matrix }: Drawing, { strengths }: AlphaFrame, row: number, column: number): number {
  return strengths[matrix.offset + row * matrix.candidates.length + column]!;
}

interface Box {
  readonly row: number;
  readonly column: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawMatrix(drawing: Drawing, sizeName: SizeName): string {
  const { matrix: { groups, candidates, sums } } = drawing;
  const { width, row: height, letters } = SIZES[sizeName];
  const [rowNames, columnNames] = [groups, candidates].map((names) => names.map((name) => shorten(name, letters)));
  const extent = (names: readonly string[]) => 8 + LETTER * Math.max(...names.map(({ length }) => length));
  const [left, top] = [extent(rowNames!), extent(columnNames!)];
  const step = (width - left - 2) / candidates.length;
  const gaps = sums.map((sum, row): number => row > 0 && sum !== sums[row - 1] ? SUM_GAP : 0);
  const tops = gaps.map((_, row) => top + row * height + gaps.slice(0, row + 1).reduce((sum, gap) => sum + gap, 0));
  const boxes = groups.flatMap((_, row) =>
    candidates.map((_, column): Box => ({
      row,
      column,
      x: left + column * step + 1,
      y: tops[row]! + 1,
      width: step - 2,
      height: height - 2,
    }))
  );
  const bottom = tops.at(-1)! + height + 2;
  return [
    `<svg class="chart alpha ${sizeName}" viewBox="0 0 ${width} ${coordinate(bottom)}" role="img" aria-label="${
      escapeHtml(describe(drawing))
    }">`,
    `<path class="ground" d="${boxes.map(outline).join("")}"/>`,
    drawShades(drawing, boxes),
    ...rowNames!.map((name, row) => drawName(name, { x: left - 5, y: tops[row]! + height / 2, end: true })),
    ...columnNames!.map((name, column) => drawName(name, { x: left + (column + 0.5) * step, y: top - 5 })),
    ...(sizeName === "wide" ? boxes.map((box) => drawHint(drawing, box)) : []),
    `<path class="chosen" d="${
      boxes.filter(({ row, column }) => drawing.matrix.isChosen(row, column)).map(outline).join("")
    }"/>`,
    "</svg>",
  ].join("\n");
}

function outline({ x, y, width, height }: Pick<Box, "x" | "y" | "width" | "height">): string {
  return `M${coordinate(x)},${coordinate(y)}h${coordinate(width)}v${coordinate(height)}h${coordinate(-width)}z`;
}

/** One path a shade holds the bars of all boxes; bars of one shade side by side are one. */
function drawShades(drawing: Drawing, boxes: readonly Box[]): string {
  const { frames, low, high } = drawing;
  const paths = Array.from({ length: SHADES + 1 }, () => "");
  const shadeOf = (strength: number) =>
    strength === 0 ? undefined : high > low ? Math.round(SHADES * (strength - low) / (high - low)) : 0;
  for (const box of boxes) {
    const shades = frames.map((frame) => shadeOf(strengthAt(drawing, frame, box.row, box.column)));
    const step = box.width / frames.length;
    for (let from = 0, to; from < shades.length; from = to) {
      for (to = from + 1; to < shades.length && shades[to] === shades[from];) to++;
      const shade = shades[from];
      if (shade !== undefined) paths[shade] += outline({ ...box, x: box.x + from * step, width: (to - from) * step });
    }
  }
  return paths.map((path, shade) =>
    path === "" ? "" : `<path class="shade color0" fill-opacity="${opacityOf(shade)}" d="${path}"/>`
  ).join("");
}

function drawName(name: string, { x, y, end = false }: { x: number; y: number; end?: boolean }): string {
  const place = end
    ? `x="${coordinate(x)}" y="${coordinate(y)}" text-anchor="end"`
    : `transform="translate(${coordinate(x)},${coordinate(y)}) rotate(-90)"`;
  return `<text class="tick" ${place} dy="0.34em">${escapeHtml(name)}</text>`;
}

/** What a box says under the pointer. */
function drawHint(drawing: Drawing, { row, column, ...box }: Box): string {
  const { matrix: { groups, candidates }, frames, format } = drawing;
  const [first, last] = [frames[0]!, frames.at(-1)!];
  const at = (frame: AlphaFrame) => `${format(strengthAt(drawing, frame, row, column))} at epoch ${frame.epoch}`;
  const words = `${groups[row]}, ${candidates[column]}: ${at(first)}${first === last ? "" : `, ${at(last)}`}`;
  return `<path class="hint" d="${outline(box)}"><title>${escapeHtml(words)}</title></path>`;
}

function describe(drawing: Drawing): string {
  const { matrix: { title, groups, candidates }, frames, format } = drawing;
  const last = frames.at(-1)!;
  const strongest = groups.map((group, row) => {
    const strengths = candidates.map((_, column) => strengthAt(drawing, last, row, column));
    const best = strengths.indexOf(Math.max(...strengths));
    return `${group}: ${candidates[best]} ${format(strengths[best]!)}`;
  });
  return `${title}, strengths of alpha from epoch ${frames[0]!.epoch} to ${last.epoch}. Strongest at the end: ${
    strongest.join("; ")
  }`;
}

function tabulate(drawing: Drawing): string[][] {
  const { matrix: { groups, candidates }, frames, format } = drawing;
  return [
    ["edge", ...candidates],
    ...groups.map((group, row) => [
      group,
      ...candidates.map((_, column) => {
        const strength = strengthAt(drawing, frames.at(-1)!, row, column);
        return strength === 0 ? "" : format(strength);
      }),
    ]),
  ];
}
