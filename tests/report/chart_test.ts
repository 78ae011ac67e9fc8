import { assert, assertAlmostEquals, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Chart, drawChart, type Panel, renderFigure } from "../../src/report/chart.ts";
import type { Series } from "../../src/report/chart_curves.ts";

const SERIES: Omit<Series, "points"> = { name: "a", color: 0 };

function panelOf(series: readonly Series[], options: Partial<Panel> = {}): Panel {
  return { heading: "supernet, search", xLabel: "epoch", isCount: true, series, ...options };
}

function chartOf(series: readonly Series[], options: Partial<Chart> = {}, panel: Partial<Panel> = {}): Chart {
  return { title: "t", values: "loss", panels: [panelOf(series, panel)], ...options };
}

/** Places of all dots. */
function dotsOf(svg: string): [number, number][] {
  return [...svg.matchAll(/class="dot[^"]*" d="[^"]*" transform="translate\(([-\d.]+),([-\d.]+)\)"/g)]
    .map(([, x, y]) => [Number(x), Number(y)]);
}

/** Corners of all curves. */
function curvesOf(svg: string): string[] {
  return [...svg.matchAll(/<path class="curve[^"]*" d="([^"]*)"/g)].map(([, d]) => d!);
}

Deno.test("drawChart() keeps all points within the picture", () => {
  const points = Array.from({ length: 50 }, (_, i) => [i, Math.sin(i) * 1000] as const);
  for (const size of ["wide", "narrow"] as const) {
    const svg = drawChart(chartOf([{ ...SERIES, points }]), size);
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number) as [number, number, number];
    const dots = dotsOf(svg);
    assertEquals(dots.length, 50);
    for (const [x, y] of dots) assert(x > 40 && x < width && y > 15 && y < height - 40, `${x}, ${y}`);
  }
});

Deno.test("drawChart() goes straight from point to point, with a dot at each", () => {
  const points = [[0, 0.2], [1, 0.9], [2, 0.4]] as const;
  const svg = drawChart(chartOf([{ ...SERIES, points }, { ...SERIES, isDashed: true, points }], { values: "share" }));
  assertEquals(dotsOf(svg).length, 6);
  for (const d of curvesOf(svg)) assertMatch(d, /^M[^MLC]+(L[^MLC]+){2}$/);
});

Deno.test("drawChart() draws a single point and equal values", () => {
  for (const points of [[[1, 0.5]], [[1, 0], [2, 0]], [[0, 0]]] as [number, number][][]) {
    const svg = drawChart(chartOf([{ ...SERIES, points }]));
    assert(!svg.includes("NaN"), svg);
    assert(!svg.includes(">1.00<"), svg);
    assertEquals(dotsOf(svg).length, points.length);
  }
});

Deno.test("drawChart() leaves out what is not finite, and itself if nothing is left", () => {
  const points = [[1, NaN], [Infinity, 1]] as const;
  assertEquals(drawChart(chartOf([{ ...SERIES, points }])), "");
  assertEquals(drawChart(chartOf([])), "");
  assertEquals(renderFigure(chartOf([])), "");
});

Deno.test("drawChart() shows shares as percentages up to 100 and epochs as whole numbers", () => {
  const svg = drawChart(chartOf([{ ...SERIES, points: [[1, 0.1], [2, 1]] }], { values: "share" }));
  assertStringIncludes(svg, ">100 %</text>");
  assert(!svg.includes("110 %") && !svg.includes(">1.5<"));
});

Deno.test("drawChart() draws bands below all curves, and makes room for them", () => {
  const band = [[1, 0.1, 0.9], [2, 0.2, 0.8]] as const;
  const series = [{ ...SERIES, points: [[1, 0.5], [2, 0.5]] as const, band }, {
    ...SERIES,
    points: [[1, 0.5]] as const,
  }];
  const svg = drawChart(chartOf(series, { values: "share" }));
  assertEquals(svg.split(`class="band`).length - 1, 1);
  assert(svg.indexOf(`class="band`) < svg.indexOf(`class="curve`));
  assertStringIncludes(svg, ">80 %<");
});

Deno.test("drawChart() gives each network a panel with an axis of its own, and a divider between them", () => {
  const first = panelOf([{ ...SERIES, name: "supernet", points: [[0, 0.5], [1, 0.6], [2, 0.7]] }]);
  const second = panelOf([{ ...SERIES, name: "derived", points: [[1, 0.3], [5, 0.9]] }], {
    heading: "derived network, training",
  });
  for (const size of ["wide", "narrow"] as const) {
    const svg = drawChart({ title: "t", values: "share", panels: [first, second] }, size);
    const words = svg.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
    assertStringIncludes(words, "supernet, search");
    assertStringIncludes(words, "derived network, training");
    const divider = Number(/class="divider" x1="([\d.]+)"/.exec(svg)![1]);
    const dots = dotsOf(svg);
    assert(dots.slice(0, 3).every(([x]) => x < divider) && dots.slice(3).every(([x]) => x > divider));
    // Neither line reaches over to the other network.
    const [supernet, derived] = curvesOf(svg).map((d) => [...d.matchAll(/[ML]([\d.]+),/g)].map(([, x]) => Number(x)));
    assert(supernet!.every((x) => x < divider) && derived!.every((x) => x > divider));
    assertEquals([supernet!.length, derived!.length], [3, 2]);
  }
});

Deno.test("drawChart() crosses the plot with a divider where a stretch of time ends", () => {
  const timelines = [{ color: 0, stretches: [{ name: "supernet", end: 4 }, { name: "derived", end: 10 }] }];
  const series = [{ ...SERIES, points: [[1, 0.5], [4, 0.6]] as const }, {
    ...SERIES,
    points: [[6, 0.3], [10, 0.9]] as const,
  }];
  const panel = { heading: "", xLabel: "seconds", isCount: false, timelines };
  const svg = drawChart(chartOf(series, { values: "share" }, panel));
  assertEquals(svg.split(`class="divider"`).length - 1, 1);
  const divider = Number(/class="divider" x1="([\d.]+)"/.exec(svg)![1]);
  const [[, last], [next]] = curvesOf(svg).map((d) => [...d.matchAll(/[ML]([\d.]+),/g)].map(([, x]) => Number(x))) as [
    [number, number],
    [number, number],
  ];
  assertAlmostEquals(divider, last, 0.1);
  assert(next > divider);
  assertEquals(svg.split(`class="stretch`).length - 1, 2);
});

Deno.test("drawChart() writes figures of the end apart from all curves, without covering one with another", () => {
  const marks = [0.9, 0.901, 0.902].map((value, color) => ({ name: `m${color}`, color, value }));
  const series = [{ ...SERIES, points: [[1, 0.1], [2, 0.8]] as const }];
  const svg = drawChart(chartOf(series, { values: "share", marks, marksHeading: "test images" }));
  const labels = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" dy="0.34em">(9\d\.\d %)/g)];
  assertEquals(labels.map(([, , , text]) => text), ["90.0 %", "90.1 %", "90.2 %"]);
  const heights = labels.map(([, , y]) => Number(y)).sort((a, b) => a - b);
  for (let i = 1; i < heights.length; i++) assert(heights[i]! - heights[i - 1]! >= 13.9);
  assert(labels.every(([, x]) => Number(x) > Math.max(...dotsOf(svg).map(([at]) => at))));
});

Deno.test("drawChart() points at outliers at the edge, with their value, and leaves the others their room", () => {
  const usual = Array.from({ length: 12 }, (_, i) => [i, 2 / (i + 1)] as const);
  const svg = drawChart(chartOf([{ ...SERIES, points: [...usual, [12, 1e9]] }]));
  assertEquals(dotsOf(svg).length, 12);
  assertEquals(svg.match(/class="outlier"/g)?.length, 1);
  assertStringIncludes(svg, ">1000000000</text>");
  const heights = dotsOf(svg).map(([, y]) => y);
  assert(Math.max(...heights) - Math.min(...heights) > 150, "the other values are flat");
});

Deno.test("renderFigure() has a caption and a drawing each for wide pages and for phones", () => {
  const html = renderFigure(chartOf([{ ...SERIES, points: [[1, 0.01], [2, 10]] }], { title: "Loss <by> epoch" }));
  assertStringIncludes(html, "<figcaption>Loss &#60;by&#62; epoch");
  assertStringIncludes(html, "logarithmic scale");
  for (const size of ["wide", "narrow"]) assertStringIncludes(html, `<svg class="chart ${size}"`);
  assertEquals(
    html.match(/role="img"[^>]*aria-label="Loss &#60;by&#62; epoch\. a: from 0\.01 at epoch 1 to 10 at 2"/g)?.length,
    2,
  );
});
