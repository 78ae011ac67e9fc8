import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderBarChart } from "../../src/report/bar_chart.ts";

const CHART = {
  title: "Images",
  unit: "of <each>",
  parts: ["train", "test"],
  bars: [{ name: "cat & dog", counts: [30, 10] }, {
    name: "a name that is much longer than there is room",
    counts: [0, 5],
  }],
};

Deno.test("renderBarChart() draws each part as long as its count, with numbers and a legend", () => {
  const html = renderBarChart(CHART);
  const widths = Array.from(
    html.matchAll(/<rect class="color(\d)"[^>]*? width="([\d.]+)" height="14"/g),
    (found) => found.slice(1).map(Number),
  );
  assertEquals(widths.map(([part]) => part), [0, 1, 1]);
  const [thirty, ten, five] = widths.map(([, width]) => width!);
  assert(Math.abs(thirty! / ten! - 3) < 0.02 && Math.abs(ten! / five! - 2) < 0.02, String(widths));
  for (const text of ["cat &#38; dog", "of &#60;each&#62;", ">40</text>", "…</text>", "legend"]) {
    assertStringIncludes(html, text);
  }
});

Deno.test("renderBarChart() draws no legend for one part, and nothing for no bar", () => {
  assert(!renderBarChart({ ...CHART, parts: ["train"] }).includes("legend"));
  assertEquals(renderBarChart({ ...CHART, bars: [] }), "");
});
