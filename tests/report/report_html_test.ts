import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { renderReport, type Report } from "../../src/report/mod.ts";
import type { DartsGenotype } from "../../src/spaces/darts/genotype.ts";
import { cellsOf } from "../../src/spaces/mod.ts";

const GENOTYPE: DartsGenotype = {
  normal: [["sep_conv_3x3", 0], ["skip_connect", 1], ["dil_conv_5x5", 2], ["none", 0]],
  normal_concat: [2, 3],
  reduce: [["max_pool_3x3", 0], ["max_pool_3x3", 1], ["avg_pool_3x3", 0], ["skip_connect", 2]],
  reduce_concat: [3, 2],
};

const REPORT: Report = {
  title: `Transfer to "<digits>" & more`,
  configuration: { seed: 123456, learningRate: 0.025, cutout: true, memory: null, data: ["a", "b"] },
  arms: [
    {
      name: "transfer <1>",
      curve: [1, 2, 3].map((epoch) => ({
        epoch,
        seconds: 10 * epoch,
        trainLoss: 1 / epoch,
        validLoss: 2 / epoch,
        validAccuracy: 1 - 0.5 / epoch,
      })),
    },
    { name: "scratch", curve: [{ epoch: 1, seconds: 12, trainLoss: 2, validLoss: Number.NaN, validAccuracy: 0.2 }] },
  ],
  cells: cellsOf(GENOTYPE, "darts"),
  genotype: GENOTYPE,
  result: {
    testAccuracy: 0.91234,
    parameters: 123456,
    seconds: 185,
    curve: [],
    genotype: GENOTYPE,
    space: { name: "darts", inputChannels: 3 },
  },
  tables: [{ title: "Both arms", rows: [["arm", "seconds"], ["transfer", "30"]] }],
};

/** Fails unless every element is closed and in its place. */
function assertWellFormed(html: string): void {
  const open: string[] = [];
  for (const [, slash, name, selfClosing] of html.matchAll(/<(\/?)([a-zA-Z][\w]*)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (selfClosing === "/" || name === "meta") continue;
    if (slash === "") open.push(name!);
    else assertEquals(open.pop(), name);
  }
  assertEquals(open, []);
}

Deno.test("renderReport() gives one page that needs neither network nor scripts", () => {
  const html = renderReport(REPORT);
  assert(html.startsWith("<!doctype html>"));
  assertStringIncludes(html, "default-src 'none'");
  for (const forbidden of ["http://", "https://", "<script", "<link", "<img", "@import", " src=", " href="]) {
    assert(!html.includes(forbidden), forbidden);
  }
  assert(!/NaN|undefined|Infinity/.test(html), "a value that is none was drawn");
  assertWellFormed(html.replace(/<style>.*?<\/style>/s, ""));
});

Deno.test("renderReport() escapes whatever it is given", () => {
  const html = renderReport(REPORT);
  assertStringIncludes(html, "Transfer to &#34;&#60;digits&#62;&#34; &#38; more");
  assert(!html.includes("<digits>") && !html.includes("<1>"));
});

Deno.test("renderReport() shows both screens, figures, tables and settings", () => {
  const html = renderReport(REPORT);
  assertStringIncludes(html, "prefers-color-scheme:dark");
  assertStringIncludes(html, "<b>91.23 %</b><span>test accuracy</span>");
  assertStringIncludes(html, "<b>3 min 05 s</b><span>time</span>");
  assertStringIncludes(html, `<th>arm</th><th class="right">seconds</th>`);
  assertStringIncludes(html, "<th>learning rate</th><td>0.025</td>");
  assertStringIncludes(html, "<th>seed</th><td>123456</td>");
  assertStringIncludes(html, "<th>memory</th><td>none</td>");
  assertStringIncludes(html, "<th>data</th><td>a, b</td>");
  assertStringIncludes(html, "<th>space</th><td>name darts, input channels 3</td>");
});

Deno.test("renderReport() draws accuracy and loss over epochs and seconds, every arm in its colour", () => {
  const html = renderReport(REPORT);
  for (const title of ["Accuracy by epoch", "Accuracy by seconds", "Loss by epoch", "Loss by seconds"]) {
    assertStringIncludes(html, `aria-label="${title}"`);
  }
  assertEquals(html.match(/class="chart"/g)?.length, 4);
  assertStringIncludes(html, `<li class="color0"><i></i><span>transfer &#60;1&#62;</span></li>`);
  assertStringIncludes(html, `<li class="color1"><i></i><span>scratch</span></li>`);
  assertStringIncludes(html, "<title>scratch, held-out images: 20.00 % at epoch 1</title>");
});

Deno.test("renderReport() counts epochs on where a stage starts anew", () => {
  const curve = [1, 2, 1, 2].map((epoch, i) => ({ epoch, seconds: i, validAccuracy: 0.5 }));
  const html = renderReport({ ...REPORT, arms: [{ name: "x", curve }] });
  assertStringIncludes(html, "at epoch 4</title>");
});

Deno.test("renderReport() draws both cells with all operations but none", () => {
  const html = renderReport(REPORT);
  const cells = html.match(/<svg class="cell".*?<\/svg>/gs) ?? [];
  assertEquals(cells.length, 2);
  for (const operation of ["separable conv 3×3", "skip", "dilated conv 5×5"]) {
    assertMatch(cells[0]!, new RegExp(`<text[^>]*>${operation}</text>`));
  }
  assert(!/>none</.test(cells[0]!));
  assertEquals(cells[1]!.match(/>max pool 3×3</g)?.length, 2);
  assertEquals(cells[0]!.match(/class="edge output"/g)?.length, 2);
  for (const state of ["the one before", "previous cell", "output"]) {
    assertStringIncludes(cells[0]!, `>${state}</text>`);
  }
});

Deno.test("renderReport() leaves out what is not there", () => {
  const html = renderReport({ title: "Empty", configuration: {}, arms: [], result: {} });
  assert(!html.includes("<svg") && !html.includes("<h2>"));
  assertWellFormed(html.replace(/<style>.*?<\/style>/s, ""));
});
