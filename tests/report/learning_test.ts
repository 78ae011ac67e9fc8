import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { phasesOf, renderLearning } from "../../src/report/learning.ts";
import { TRANSFER } from "./_run_result.ts";
import { textOf } from "./_html.ts";

Deno.test("phasesOf() takes the supernet and the network cut out of it for two, and the fitted head for the first", () => {
  const phases = phasesOf(TRANSFER);
  assertEquals(phases.map(({ network, work }) => `${network}, ${work}`), [
    "supernet, finetuning",
    "derived network, training",
  ]);
  assertEquals(phases.map(({ epochs }) => epochs.map(({ epoch }) => epoch)), [[0, 1, 2], [1, 2, 3]]);
  assertEquals(phasesOf({ ...TRANSFER, prior: "none" })[0]!.work, "search");
});

Deno.test("phasesOf() knows what other commands do to which network", () => {
  const { trainCurve: _, ...alone } = TRANSFER;
  const words = (command: string) => phasesOf({ ...alone, command }).map(({ network, work }) => `${network}, ${work}`);
  assertEquals(words("train"), ["derived network, training"]);
  assertEquals(words("search"), ["supernet, search"]);
  assertEquals(phasesOf({ ...TRANSFER, command: "traditional" })[1]!.work, "training on all images");
});

/** The polylines of a drawing. */
function curvesOf(svg: string): string[] {
  return [...svg.matchAll(/<path class="curve[^"]*" d="([^"]*)"/g)].map(([, d]) => d!);
}

Deno.test("renderLearning() draws accuracy and loss, by epochs and by time, a polyline a phase with a divider", () => {
  const html = renderLearning([{ name: "transfer", phases: phasesOf(TRANSFER), testAccuracy: 0.976 }], Math.log(10));
  const charts = html.match(/<svg class="chart wide".*?<\/svg>\n?(?=<svg class="chart|<\/figure>)/gs) ?? [];
  assertEquals(charts.length, 4);
  for (const title of ["Accuracy by epoch", "Accuracy by time", "Loss by epoch", "Loss by time"]) {
    assertStringIncludes(html, `<figcaption>${title}`);
  }
  for (const chart of charts) {
    // Held-out and training images of the supernet, training images of the derived network.
    const lengths = curvesOf(chart).map((d) => d.match(/[ML]/g)!.length);
    assertEquals(lengths, [3, 3, 3]);
    assertEquals(chart.match(/class="divider"/g)?.length, 1);
    const words = textOf(chart);
    for (const word of ["supernet, finetuning", "derived network, training"]) assertStringIncludes(words, word);
  }
  assertEquals(charts.map((chart) => chart.includes(">97.6 %</text>")), [true, true, false, false]);
  assertEquals(charts.map((chart) => chart.includes(">guessing</text>")), [false, false, true, true]);
});

Deno.test("renderLearning() tells several arms apart by colour and shape, each with both of its phases", () => {
  const arms = ["transfer <1>", "scratch"].map((name) => ({ name, phases: phasesOf(TRANSFER), testAccuracy: 0.9 }));
  const html = renderLearning(arms);
  for (const [i, name] of ["transfer &#60;1&#62;", "scratch"].entries()) {
    assertStringIncludes(html, `<svg class="key color${i}"`);
    assertStringIncludes(html, `</svg>${name}</li>`);
  }
  assertStringIncludes(html, "scratch, supernet, held-out images: 96.00 % at epoch 1</title>");
  const byTime = html.match(/<svg class="chart wide".*?<\/svg>\n?(?=<svg class="chart|<\/figure>)/gs)![1]!;
  assertEquals(byTime.match(/class="timeline/g)?.length, 2);
  assertEquals(curvesOf(byTime).length, 6);
});

Deno.test("renderLearning() draws nothing of nothing", () => {
  assertEquals(renderLearning([]), "");
  assertEquals(renderLearning([{ name: "x", phases: [] }]), "");
  const phases = [{ network: "supernet", work: "search", epochs: [{ ...TRANSFER.curve[0]!, trainLoss: NaN }] }];
  assert(!renderLearning([{ name: "x", phases }]).includes("NaN"));
});
