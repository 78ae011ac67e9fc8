import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderDemoReport, renderRunReport, tabulateArms } from "../../src/report/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";
import type { RunResult } from "../../src/stages/mod.ts";
import { assertGoodPage, textOf } from "./_html.ts";
import { epochOf, TRANSFER } from "./_run_result.ts";

const CONFIGURATION = {
  seed: 123456,
  target: "data/sets/uci-digits/",
  search: { epochs: 2, learningRate: 0.025 },
  training: { epochs: 3, cutout: 8 },
};

const GENOTYPE: RunResult["genotype"] = {
  normal: [["sep_conv_3x3", 0], ["skip_connect", 1], ["dil_conv_5x5", 2], ["none" as "skip_connect", 0]],
  normal_concat: [2, 3],
  reduce: [["max_pool_3x3", 0], ["max_pool_3x3", 1], ["avg_pool_3x3", 0], ["skip_connect", 2]],
  reduce_concat: [3, 2],
};

Deno.test("renderRunReport() is a page that needs nothing else, headed by the verdict and by names", () => {
  const page = renderRunReport(TRANSFER, { configuration: CONFIGURATION, folder: "runs/x" });
  assertGoodPage(page);
  assertStringIncludes(
    page,
    "<title>Transfer to uci-digits: 97.6 % on images it has never seen, in 1 min 04 s</title>",
  );
  const words = textOf(page);
  const verdict = words.indexOf("97.6 % on images it has never seen, in 1 min 04 s", words.indexOf("seen") + 1);
  assert(verdict > 0 && verdict < words.indexOf("How it learnt") && verdict < words.indexOf("The network has"));
  assertStringIncludes(words, "deno task predict --from runs/x photo.png");
});

Deno.test("renderRunReport() says plainly that the derived network is worse, and which flag helps", () => {
  const worse = { ...TRANSFER, testAccuracy: 0.59, trainCurve: [epochOf(1, 0.4)] };
  const page = renderRunReport(worse, { configuration: {} });
  assertStringIncludes(page, `<p class="warning" role="note">The derived network is worse than the supernet was`);
  assertStringIncludes(page, "<code>--train-epochs 10</code>");
  assert(!renderRunReport(TRANSFER, { configuration: {} }).includes(`class="warning"`));
});

Deno.test("renderRunReport() shows what was published of a cell of NAS-Bench-201, and nothing where there is no table", () => {
  const nasbench201 = { cifar10: 93.756, cifar100: 70.5, imagenet16: 45, rank: 1234 };
  const found = renderRunReport({ ...TRANSFER, nasbench201 }, { configuration: {} });
  assertStringIncludes(found, "<dt>published of this cell on CIFAR-10, rank 1,234</dt><dd>93.76 %</dd>");
  assertStringIncludes(found, "<dt>published of it on CIFAR-100</dt><dd>70.50 %</dd>");
  assertStringIncludes(found, "<dt>published of it on ImageNet16-120</dt><dd>45.00 %</dd>");
  // As figures, and not once more among what else a run holds.
  assertEquals(found.includes("nasbench201"), false);
  assertEquals(renderRunReport(TRANSFER, { configuration: {} }).includes("published of"), false);
});

Deno.test("renderRunReport() escapes whatever it is given", () => {
  const page = renderRunReport({ ...TRANSFER, data: `"<digits>" & more` }, { configuration: { x: "<1>" } });
  assertStringIncludes(page, "Transfer to &#34;&#60;digits&#62;&#34; &#38; more");
  assert(!page.includes("<digits>") && !page.includes("<1>"));
});

Deno.test("renderRunReport() shows both screens, figures, and settings in groups", () => {
  const page = renderRunReport(TRANSFER, { configuration: CONFIGURATION });
  assertStringIncludes(page, "prefers-color-scheme:dark");
  assertStringIncludes(page, "max-width:560px");
  assertStringIncludes(page, "<dt>trained network, test images</dt><dd>97.6 %</dd>");
  assertStringIncludes(page, "<dt>time in all</dt><dd>1 min 04 s</dd>");
  for (const title of ["General", "Search", "Training"]) assertStringIncludes(page, `<h3>${title}</h3>`);
  assertStringIncludes(page, "<h2>Source ranking</h2>");
  assertStringIncludes(page, `<th scope="row">learning rate</th><td class="short">0.025</td>`);
});

Deno.test("renderRunReport() draws both cells with readable operations, all but none", () => {
  const page = renderRunReport({ ...TRANSFER, genotype: GENOTYPE }, { configuration: {} });
  const cells = page.match(/<svg class="cell wide".*?<\/svg>/gs) ?? [];
  assertEquals(cells.length, 2);
  for (const operation of ["separable conv 3×3", "skip", "dilated conv 5×5"]) {
    assertStringIncludes(cells[0]!, `>${operation}</text>`);
  }
  assertEquals(cells[0]!.match(/class="operation/g)?.length, 3);
  assertEquals(cells[1]!.match(/>max pool 3×3</g)?.length, 2);
  assertEquals(cells[0]!.match(/class="edge plain"/g)?.length, 2);
  for (const state of ["the one before", "previous cell", "output"]) {
    assertStringIncludes(cells[0]!, `>${state}</text>`);
  }
  assert(!/sep_conv|none</.test(textOf(page)));
});

Deno.test("renderRunReport() tells alpha and memory from the history, and how to run it anew", () => {
  const space = makeDartsSpace({ nodes: 2, cells: 2, channels: 4 });
  const event = (epoch: number) => ({
    type: "epoch",
    epoch,
    strengths: Array(80).fill(0.125),
    memoryBytes: epoch * 2 ** 30,
  });
  const result = { ...TRANSFER, space, genotype: randomGenotype(1, 2) };
  const page = renderRunReport(result, {
    configuration: {},
    events: [event(1), event(2)],
    again: "deno task x 'a b' <y>",
  });
  assertGoodPage(page);
  assertEquals(page.match(/<svg class="chart alpha wide"/g)?.length, 2);
  assertStringIncludes(page, "<dt>most memory at the end of an epoch</dt><dd>2.0 GiB</dd>");
  assertStringIncludes(page, "<pre><code>deno task x &#39;a b&#39; &#60;y&#62;</code></pre>");
});

Deno.test("renderRunReport() tabulates several datasets", () => {
  const datasets = ["a/x", "y"].map((name) => ({
    name,
    trainLoss: 1,
    trainAccuracy: 0.5,
    validLoss: 1.25,
    validAccuracy: 0.75,
  }));
  const { testAccuracy: _, trainCurve: _curve, start: _start, ...result } = TRANSFER;
  const curve = [{ ...epochOf(1, 0.5, 0.75), datasets }];
  const page = renderRunReport({ ...result, command: "pretrain", data: "a/x,y", curve }, { configuration: {} });
  assertGoodPage(page);
  assertStringIncludes(page, `<th scope="row">x</th><td data-label="training accuracy" class="right">50.0 %</td>`);
  assertStringIncludes(textOf(page), "Pretraining on x and y");
});

const DEMO = {
  command: "demo",
  target: "data/sets/uci-digits",
  source: "broad",
  seed: 0,
  seconds: 3,
  arms: [{ arm: "transfer", result: TRANSFER }, {
    arm: "scratch",
    result: { ...TRANSFER, prior: "none", testAccuracy: 0.951, curve: [...TRANSFER.curve, epochOf(3, 0.97, 0.99)] },
  }],
};

Deno.test("renderDemoReport() sets both arms beside each other, each with its phases and its cells", () => {
  const page = renderDemoReport(DEMO, { configuration: CONFIGURATION, folder: "runs/d" });
  assertGoodPage(page);
  const words = textOf(page);
  for (const word of ["Both arms", "What transfer found", "What scratch found", "finetuning or search"]) {
    assertStringIncludes(words, word);
  }
  assertEquals(page.match(/<svg class="cell wide"/g)?.length, 4);
});

Deno.test("tabulateArms() sets the arms side by side after the same epochs, whatever was validated within them", () => {
  const within = { ...epochOf(0.5, 0.8, 0.93), epoch: 0.5 };
  const arms = [{ arm: "transfer", result: { ...TRANSFER, curve: [within, ...TRANSFER.curve] } }, DEMO.arms[1]!];
  assertEquals(tabulateArms({ ...DEMO, arms }).map((row) => row.slice(0, 6)), [
    ["", "fitted head", "after 1 epoch", "after 2 epochs", "after 3 epochs", "test accuracy"],
    ["transfer", "92.0 %", "96.0 %", "98.0 %", "settled", "97.6 %"],
    ["scratch", "92.0 %", "96.0 %", "98.0 %", "99.0 %", "95.1 %"],
  ]);
});
