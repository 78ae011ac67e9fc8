import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { drawChart } from "../../src/report/chart.ts";

const SERIES = { name: "a", color: 0 };

Deno.test("drawChart() keeps all points within the picture", () => {
  const points = Array.from({ length: 50 }, (_, i) => [i, Math.sin(i) * 1000] as const);
  const svg = drawChart({ title: "t", xLabel: "x", series: [{ ...SERIES, points }] });
  const centres = [...svg.matchAll(/cx="([-\d.]+)" cy="([-\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  assertEquals(centres.length, 50);
  for (const [x, y] of centres) assert(x! >= 52 && x! <= 504 && y! >= 34 && y! <= 256, `${x}, ${y}`);
});

Deno.test("drawChart() draws a single point and equal values", () => {
  for (const points of [[[1, 0.5]], [[1, 0], [2, 0]], [[0, 0]]] as [number, number][][]) {
    const svg = drawChart({ title: "t", xLabel: "epoch", series: [{ ...SERIES, points }], isCount: true });
    assert(!svg.includes("NaN"), svg);
    assert(!svg.includes(">1.00<"), svg);
    assertEquals(svg.match(/<circle/g)?.length, points.length);
  }
});

Deno.test("drawChart() leaves out what is not finite, and itself if nothing is left", () => {
  const points = [[1, NaN], [Infinity, 1]] as const;
  assertEquals(drawChart({ title: "t", xLabel: "x", series: [{ ...SERIES, points }] }), "");
  assertEquals(drawChart({ title: "t", xLabel: "x", series: [] }), "");
});

Deno.test("drawChart() shows shares as percentages up to 100 and epochs as whole numbers", () => {
  const points = [[1, 0.1], [2, 1]] as const;
  const svg = drawChart({ title: "t", xLabel: "epoch", series: [{ ...SERIES, points }], isShare: true, isCount: true });
  assertStringIncludes(svg, ">100%</text>");
  assert(!svg.includes("110%") && !svg.includes("1.5"));
});

Deno.test("drawChart() gives dashed curves dots only where they would be invisible without", () => {
  const dots = (...points: [number, number][]) =>
    drawChart({ title: "t", xLabel: "x", series: [{ ...SERIES, isDashed: true, points }] }).match(/<circle/g)?.length;
  assertEquals(dots([1, 1]), 1);
  assertEquals(dots([1, 1], [2, 2]), undefined);
});

Deno.test("drawChart() draws bands below all curves, and makes room for them", () => {
  const band = [[1, 0.1, 0.9], [2, 0.2, 0.8]] as const;
  const series = [{ ...SERIES, points: [[1, 0.5], [2, 0.5]] as const, band }, {
    ...SERIES,
    points: [[1, 0.5]] as const,
  }];
  const svg = drawChart({ title: "t", xLabel: "epoch", series, isShare: true });
  assertEquals(svg.split(`class="band`).length - 1, 1);
  assert(svg.indexOf(`class="band`) < svg.indexOf(`class="curve`));
  assertStringIncludes(svg, ">80%<");
});
