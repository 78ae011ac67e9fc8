import { type ParetoResult, SIZE_WORDS, type SizedNetwork } from "../pipelines/mod.ts";
import { type Chart, renderFigure } from "./chart.ts";
import type { Point, Series } from "./chart_curves.ts";
import { legendItem } from "./learning.ts";
import { COLOR_COUNT } from "./style.ts";
import { nameOf } from "./words.ts";

/** Colours of both accuracies of the points, and of the first other run. */
const [HELD_OUT, TRAINED, OTHERS] = [0, 1, 2];

/**
 * Draws accuracy over size: held-out images with the supernet's weights, where the front is a line and its knee has its name, and
 * test images after the training.
 *
 * @param result The networks.
 * @returns HTML elements.
 */
export function renderParetoPlot(result: ParetoResult): string {
  const { points, also, axis } = result;
  const isTested = points.some(({ testAccuracy }) => testAccuracy !== undefined);
  const beside = also.filter(({ testAccuracy }) => testAccuracy !== undefined);
  const series = [...seriesOfPoints(result), ...beside.map((other, i) => seriesOfOther(other, axis, i))];
  const chart: Chart = {
    title: "Accuracy by size",
    values: "share",
    panels: [{ heading: "", xLabel: labelOf(axis), isCount: false, isSize: true, series }],
  };
  const legend = [
    legendItem("held-out images, the supernet's weights; a line: the front", { color: HELD_OUT, style: "curve" }),
    isTested ? legendItem("test images, trained", { color: TRAINED, style: "curve" }) : "",
    ...beside.map(({ name }, i) => legendItem(`test images, ${nameOf(name)}`, { color: colorOf(i), style: "dot" })),
  ];
  return `<ul class="legend">${legend.join("")}</ul>\n${renderFigure(chart)}`;
}

function labelOf(axis: ParetoResult["axis"]): string {
  return axis === "milliseconds" ? "milliseconds an image, logarithmic" : `${SIZE_WORDS[axis]}, logarithmic`;
}

function colorOf(other: number): number {
  return OTHERS! + other % (COLOR_COUNT - OTHERS!);
}

function seriesOfPoints({ points, front, knee, axis }: ParetoResult): Series[] {
  const held = (i: number): Point => [points[i]![axis], points[i]!.validAccuracy];
  const beaten = points.map((_, i) => i).filter((i) => !front.includes(i));
  const tested = points.flatMap((point): Point[] =>
    point.testAccuracy === undefined ? [] : [[point[axis], point.testAccuracy]]
  );
  const name = "held-out images";
  return [
    { name: `${name}, front`, color: HELD_OUT!, points: front.map(held) },
    { name: `${name}, not on the front`, color: HELD_OUT!, isScattered: true, points: beaten.map(held) },
    { name: "test images, trained", color: TRAINED!, points: tested },
    { name: `${name}, knee`, color: HELD_OUT!, isScattered: true, label: "knee", points: [held(knee)] },
  ];
}

function seriesOfOther(other: SizedNetwork & { readonly name: string }, axis: ParetoResult["axis"], i: number): Series {
  const points: Point[] = [[other[axis], other.testAccuracy!]];
  return { name: `test images, ${nameOf(other.name)}`, color: colorOf(i), isScattered: true, points };
}
