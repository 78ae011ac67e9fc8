import { assert, assertEquals } from "@std/assert";
import { drawChart } from "../../src/report/chart.ts";
import { LearningCurve } from "../../page/learning_curve.ts";

Deno.test("a curve begins with the head, and has a point an epoch", () => {
  const curve = new LearningCurve();
  assertEquals([curve.first, curve.last], [undefined, undefined]);
  assertEquals(curve.charts.map((chart) => drawChart(chart)), ["", ""]);
  curve.add({ stage: "head", done: 0, epoch: 0, epochs: 2, loss: 0.9, accuracy: 0.5 });
  curve.add({ stage: "finetune", done: 0.1, epoch: 0.5, epochs: 2, loss: 0.8 });
  curve.add({ stage: "finetune", done: 0.2, epoch: 1, epochs: 2, loss: 0.7, accuracy: 0.75 });
  curve.add({ stage: "finetune", done: 0.4, epoch: 2, epochs: 2, loss: 0.5, accuracy: 0.9 });
  curve.add({ stage: "train", done: 0.7, epoch: 1, epochs: 2, loss: 0.4 });
  assertEquals([curve.first, curve.last], [0.5, 0.9]);
  const [accuracy, loss] = curve.charts;
  assertEquals(accuracy!.panels.map(({ series }) => series[0]!.points), [[[0, 0.5], [1, 0.75], [2, 0.9]]]);
  assertEquals(loss!.panels.map(({ series }) => series[0]!.points), [[[1, 0.7], [2, 0.5]], [[1, 0.4]]]);
  assert(curve.charts.every((chart) => drawChart(chart).startsWith("<svg")));
});

Deno.test("charts have no style of their own, which the page's policy would refuse", () => {
  const curve = new LearningCurve();
  curve.add({ stage: "finetune", done: 0.2, epoch: 1, epochs: 2, loss: 0.7, accuracy: 0.75 });
  assert(!curve.charts.some((chart) => drawChart(chart).includes("style=")));
});
