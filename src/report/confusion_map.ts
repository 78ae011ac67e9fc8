import type { TestReport } from "../stages/mod.ts";
import { coordinate, escapeHtml } from "./html.ts";
import { shorten } from "./words.ts";

/** From so many classes on, cells hold no numbers. */
const MOST_NUMBERED = 12;
/** From so many on, classes have no names beside the map: whoever looks closely finds them at the cells. */
const MOST_NAMED = 40;
const LARGEST_CELL = 46;
/** Darkest that a cell gets; numbers on cells darker than {@linkcode DARK} are light. */
const DARKEST = 0.92;
const DARK = 0.5;
const LETTER = 6.3;

/** A page shows one of both: texts keep their size. */
const SIZES = { wide: { width: 520, letters: 16 }, narrow: { width: 312, letters: 10 } } as const;

type SizeName = keyof typeof SIZES;

/**
 * Draws which classes were taken for which: a row a class, each cell as dark as the share of the class's images in it. Hits and mistakes
 * have different colours.
 *
 * @param test Answers to the test images.
 * @returns An HTML element.
 */
export function renderConfusionMap(test: Pick<TestReport, "classes" | "confusion">): string {
  const unit = `<span class="unit">a row: what it is, a column: what was said</span>`;
  return `<figure class="panel"><figcaption>What was taken for what${unit}</figcaption>${drawMap(test, "wide")}${
    drawMap(test, "narrow")
  }</figure>`;
}

function drawMap({ classes, confusion }: Pick<TestReport, "classes" | "confusion">, sizeName: SizeName): string {
  const { width, letters } = SIZES[sizeName];
  const count = classes.length;
  const names = classes.map(({ name }) => shorten(name, letters));
  const isNamed = count <= MOST_NAMED;
  const margin = isNamed ? 14 + LETTER * Math.max(...names.map((name) => name.length)) : 2;
  const cell = Math.min(LARGEST_CELL, (width - margin - 2) / count);
  const left = (width - margin - count * cell) / 2 + margin;
  const height = margin + count * cell + 2;
  const rows = confusion.map((row, label) =>
    row.map((images, predicted) =>
      drawCell(images, {
        x: left + predicted * cell,
        y: margin + label * cell,
        cell,
        share: images / (classes[label]!.support || 1),
        isHit: label === predicted,
        isNumbered: count <= MOST_NUMBERED && (sizeName === "wide" || cell >= 20),
        words: `${classes[label]!.name}, said to be ${classes[predicted]!.name}`,
      })
    ).join("")
  );
  const frame = { left, top: margin, cell, count };
  const described = "Confusion matrix: " +
    classes.map(({ name, support }, k) => `${name}: ${confusion[k]![k]} of ${support} right`).join(", ");
  return [
    `<svg class="chart confusion ${sizeName}" viewBox="0 0 ${width} ${coordinate(height)}" role="img" aria-label="${
      escapeHtml(described)
    }">`,
    drawGround(frame),
    ...rows,
    isNamed ? drawNames(names, frame) : "",
    "</svg>",
  ].filter((part) => part !== "").join("\n");
}

interface CellFrame {
  readonly x: number;
  readonly y: number;
  readonly cell: number;
  readonly share: number;
  readonly isHit: boolean;
  readonly isNumbered: boolean;
  readonly words: string;
}

function drawCell(images: number, { x, y, cell, share, isHit, isNumbered, words }: CellFrame): string {
  if (images === 0) return "";
  // Few mistakes must be seen beside many hits: shares are drawn by their roots.
  const darkness = DARKEST * Math.sqrt(share);
  const gap = Math.min(1, cell / 12);
  const [left, top, side] = [x + gap, y + gap, cell - 2 * gap].map(coordinate);
  const number = isNumbered
    ? `<text class="number${darkness > DARK ? " light" : ""}" x="${coordinate(x + cell / 2)}" y="${
      coordinate(y + cell / 2)
    }" dy="0.35em" text-anchor="middle">${images}</text>`
    : "";
  return `<g class="${isHit ? "color0" : "color1"}"><rect x="${left}" y="${top}" width="${side}" height="${side}" rx="${
    coordinate(Math.min(3, cell / 10))
  }" fill-opacity="${darkness.toFixed(3)}"><title>${
    escapeHtml(`${words}: ${images} (${(100 * share).toFixed(1)} %)`)
  }</title></rect>${number}</g>`;
}

interface MapFrame {
  readonly left: number;
  readonly top: number;
  readonly cell: number;
  readonly count: number;
}

/** Where nothing was said, the map has an empty ground, and lines only where cells are large enough for them. */
function drawGround({ left, top, cell, count }: MapFrame): string {
  const side = coordinate(count * cell);
  const [x, y] = [coordinate(left), coordinate(top)];
  const lines = count > MOST_NAMED ? [] : Array.from({ length: count - 1 }, (_, i) => {
    const at = (i + 1) * cell;
    return `<path class="grid" d="M${x},${coordinate(top + at)}h${side}M${coordinate(left + at)},${y}v${side}"/>`;
  });
  return `<rect class="ground" x="${x}" y="${y}" width="${side}" height="${side}"/>${lines.join("")}`;
}

function drawNames(names: readonly string[], { left, top, cell }: MapFrame): string {
  const rows = names.map((name, i) =>
    `<text class="tick" x="${coordinate(left - 7)}" y="${
      coordinate(top + (i + 0.5) * cell)
    }" dy="0.34em" text-anchor="end">${escapeHtml(name)}</text>`
  );
  const columns = names.map((name, i) => {
    const [x, y] = [coordinate(left + (i + 0.5) * cell), coordinate(top - 7)];
    return `<text class="tick" transform="translate(${x},${y}) rotate(-90)" dy="0.34em">${escapeHtml(name)}</text>`;
  });
  return `<g class="names">${rows.join("")}${columns.join("")}</g>`;
}
