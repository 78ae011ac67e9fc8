import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderParetoPlot } from "../../src/report/pareto_plot.ts";
import { assertWellFormed } from "./_html.ts";
import { PARETO } from "./_pareto_result.ts";

Deno.test("renderParetoPlot() draws every point, a line along the front alone, and names the knee", () => {
  const plot = renderParetoPlot(PARETO);
  assertWellFormed(plot);
  const [wide] = plot.match(/<svg class="chart wide".*?<\/svg>\n?<svg class="chart narrow/s)!;
  // The front and the trained networks; five points and the knee, two trained, one beside.
  assertEquals(wide.match(/class="curve/g)?.length, 2);
  assertEquals(wide.match(/class="dot/g)?.length, 9);
  const front = wide.match(/class="curve color0" d="([^"]*)"/)![1]!;
  assertEquals(front.split("L").length, 4);
  assertEquals(wide.match(/>knee</g)?.length, 1);
  for (const words of ["68.00 % at 30,200 parameters", "test images, traditional-net", ">30k<"]) {
    assertStringIncludes(plot, words);
  }
});

Deno.test("renderParetoPlot() puts sizes in equal ratios, whichever cost is the axis, and takes a single point", () => {
  for (const axis of ["parameters", "macs", "milliseconds"] as const) {
    const points = [1, 2, 4].map((factor, i) => ({ ...PARETO.points[i]!, [axis]: 10 * factor }));
    const plot = renderParetoPlot({ ...PARETO, axis, points, front: [0, 1, 2], knee: 1, also: [] });
    const [x0, x1, x2] = [...plot.match(/class="curve color0" d="M([^"]*)"/)![1]!.split("L")].map(parseFloat);
    assert(x0! < x1! && Math.abs(x1! - x0! - (x2! - x1!)) < 0.2, `${axis}: ${[x0, x1, x2]}`);
    assertWellFormed(renderParetoPlot({ ...PARETO, axis, points: points.slice(0, 1), front: [0], knee: 0 }));
  }
});
