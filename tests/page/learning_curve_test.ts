import { assert, assertEquals } from "@std/assert";
import { drawChart } from "../../src/report/chart.ts";
import { LearningCurve } from "../../page/learning_curve.ts";

Deno.test("a curve begins with the head, and has a point an epoch", () => {
  const curve = new LearningCurve();
  assertEquals([curve.first, curve.last], [undefined, undefined]);
  curve.add({ stage: "head", done: 0, epoch: 0, epochs: 2, loss: 0.9, accuracy: 0.5 });
  assertEquals(drawChart(curve.chart), "");
  curve.add({ stage: "finetune", done: 0.1, epoch: 0.5, epochs: 2, loss: 0.8 });
  curve.add({ stage: "finetune", done: 0.2, epoch: 1, epochs: 2, loss: 0.7, accuracy: 0.75 });
  curve.add({ stage: "finetune", done: 0.4, epoch: 2, epochs: 2, loss: 0.5, accuracy: 0.9 });
  curve.add({ stage: "train", done: 0.7, epoch: 1, epochs: 2, loss: 0.4 });
  assertEquals([curve.first, curve.last], [0.5, 0.9]);
  assertEquals(curve.chart.panels[0]!.series[0]!.points, [[0, 0.5], [1, 0.75], [2, 0.9]]);
  const drawn = drawChart(curve.chart);
  assert(drawn.startsWith("<svg"));
  // The page's policy would refuse a style.
  assert(!drawn.includes("style="));
});
