// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear } from "d3-scale";
import type { ReliabilityBin, TestReport } from "../stages/mod.ts";
import { coordinate, escapeHtml } from "./html.ts";
import { formatShare } from "./words.ts";

/** A page shows one of both: texts keep their size. */
const SIZES = { wide: 520, narrow: 312 } as const;

type SizeName = keyof typeof SIZES;

const [LEFT, RIGHT, TOP, BOTTOM] = [50, 20, 10, 42];
/** Heights of the diagram, and of how many images there are below it. */
const [PLOT, GAP, COUNTS] = [250, 12, 44];

/**
 * Draws how far a network's probabilities can be believed: of the images of which it was so sure, how many were right. Below, how many
 * images there are of each sureness.
 *
 * @param test Answers to the test images.
 * @returns An HTML element.
 */
export function renderReliability({ calibration }: Pick<TestReport, "calibration">): string {
  const unit = `<span class="unit">calibration error ${(100 * calibration.error).toFixed(1)} points</span>`;
  const legend = [
    `<li><svg class="key color0" viewBox="0 0 30 12" aria-hidden="true"><rect class="bar" y="1" width="30" height="10" rx="2"/></svg>right</li>`,
    `<li><svg class="key color1" viewBox="0 0 30 12" aria-hidden="true"><path class="sure" d="M2,6H28"/></svg>how sure it was</li>`,
  ];
  return `<figure class="panel"><figcaption>How sure, and how right${unit}</figcaption><ul class="legend words">${
    legend.join("")
  }</ul>${drawDiagram(calibration.bins, "wide")}${drawDiagram(calibration.bins, "narrow")}</figure>`;
}

function drawDiagram(bins: readonly ReliabilityBin[], sizeName: SizeName): string {
  const width = SIZES[sizeName];
  const x = scaleLinear().domain([0, 1]).range([LEFT, width - RIGHT]);
  const y = scaleLinear().domain([0, 1]).range([TOP + PLOT, TOP]);
  const most = Math.max(...bins.map(({ count }) => count), 1);
  const floor = TOP + PLOT + GAP + COUNTS;
  const height = scaleLinear().domain([0, most]).range([0, COUNTS]);
  const lines = [0, 0.2, 0.4, 0.6, 0.8, 1].map((tick) =>
    `<line class="grid" x1="${LEFT}" x2="${width - RIGHT}" y1="${coordinate(y(tick))}" y2="${coordinate(y(tick))}"/>` +
    `<text class="tick" x="${LEFT - 7}" y="${coordinate(y(tick))}" dy="0.32em" text-anchor="end">${
      (100 * tick).toFixed(0)
    } %</text><text class="tick" x="${coordinate(x(tick))}" y="${floor + 16}" text-anchor="middle">${
      (100 * tick).toFixed(0)
    } %</text>`
  );
  const drawn = bins.map((bin) => drawBin(bin, { x, y, height, floor }));
  const described = bins.filter(({ count }) => count > 0).map(describe).join(". ");
  return [
    `<svg class="chart ${sizeName}" viewBox="0 0 ${width} ${floor + BOTTOM}" role="img" aria-label="${
      escapeHtml(`Reliability. ${described}`)
    }">`,
    ...lines,
    ...drawn,
    `<path class="ideal" d="M${x(0)},${y(0)}L${x(1)},${y(1)}"/>`,
    `<line class="axis" x1="${LEFT}" x2="${width - RIGHT}" y1="${y(0)}" y2="${y(0)}"/>`,
    `<line class="axis" x1="${LEFT}" x2="${width - RIGHT}" y1="${floor}" y2="${floor}"/>`,
    `<text class="tick" x="${LEFT - 7}" y="${floor - COUNTS / 2}" dy="0.32em" text-anchor="end">images</text>`,
    `<text class="tick" x="${coordinate((LEFT + width - RIGHT) / 2)}" y="${floor + 34}" text-anchor="middle">` +
    "probability of the class said</text>",
    "</svg>",
  ].join("\n");
}

interface Axes {
  x(value: number): number;
  y(value: number): number;
  height(value: number): number;
  readonly floor: number;
}

function drawBin(bin: ReliabilityBin, { x, y, height, floor }: Axes): string {
  const { from, to, count, accuracy, confidence } = bin;
  if (count === 0 || accuracy === null || confidence === null) return "";
  const [left, width] = [coordinate(x(from) + 1), coordinate(x(to) - x(from) - 2)];
  const box = (type: string, top: number, bottom: number) =>
    `<rect class="${type}" x="${left}" y="${coordinate(top)}" width="${width}" height="${
      coordinate(Math.max(0, bottom - top))
    }"/>`;
  return `<g><title>${escapeHtml(describe(bin))}</title>${
    box("bar color0", y(accuracy), y(0))
  }<path class="sure color1" d="M${coordinate(x(from) + 2)},${coordinate(y(confidence))}H${coordinate(x(to) - 2)}"/>${
    box("count", floor - Math.max(1, height(count)), floor)
  }</g>`;
}

function describe({ from, to, count, confidence, accuracy }: ReliabilityBin): string {
  return `Of ${count} ${count === 1 ? "image" : "images"} with ${(100 * from).toFixed(0)} to ${
    (100 * to).toFixed(0)
  } %: ${formatShare(accuracy ?? 0)} right, ${formatShare(confidence ?? 0)} sure`;
}
