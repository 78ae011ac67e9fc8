import { assertEquals } from "@std/assert";
import { describeRun, isTransfer } from "../../src/compare/arm_run.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import type { RunResult } from "../../src/stages/mod.ts";

const RESULT: RunResult = {
  command: "transfer",
  prior: "both",
  source: "digits",
  data: "t",
  seed: 1,
  build: "strict",
  mode: "default",
  threads: 1,
  epochs: 3,
  seconds: 40,
  testAccuracy: 0.9,
  genotype: randomGenotype(1),
  parameters: 10,
  macs: 20,
  curve: [
    { epoch: 1, seconds: 10, trainLoss: 1, trainAccuracy: 0.5, validLoss: 1, validAccuracy: 0.5 },
    { epoch: 2, seconds: 20, trainLoss: 1, trainAccuracy: 0.5, validLoss: 1, validAccuracy: 0.8 },
  ],
};
const RUN = { target: "t", arm: "selected", seed: 1, folder: "t/selected/seed-1", budgetEpochs: 4, seconds: 40 };

Deno.test("describeRun() measures a curve by the best of scratch and stretches its seconds to the budget", () => {
  const found = describeRun({ ...RUN, result: RESULT }, 0.5);
  assertEquals([found.source, found.bestValidAccuracy, found.budgetSeconds], ["digits", 0.8, 40]);
  assertEquals([found.epochsToReach["100"], found.secondsToReach["100"]], [1, 10]);
  assertEquals(describeRun({ ...RUN, result: RESULT }, undefined).epochsToReach["100"], null);
});

Deno.test("describeRun() takes a head that was fitted and nothing else for what it is: epoch 0, and no more", () => {
  const start = { epoch: 0, seconds: 7, trainLoss: 1, trainAccuracy: 0.5, validLoss: 1, validAccuracy: 0.6 };
  const result = { ...RESULT, command: "features", source: "x.onnx", start, curve: [], macs: null };
  const found = describeRun({ ...RUN, budgetEpochs: 0, result }, 0.5);
  assertEquals([found.source, found.curve, found.budgetSeconds, found.macs], ["x.onnx", [start], 7, null]);
  assertEquals([found.bestValidAccuracy, found.epochsToReach["100"]], [0.6, 0]);
});

Deno.test("isTransfer() tells a transfer from a search from scratch, which has no source", () => {
  const scratch = { ...RESULT, prior: "none" };
  assertEquals([isTransfer(RESULT), isTransfer(scratch), isTransfer({ ...RESULT, command: "train" })], [
    true,
    false,
    false,
  ]);
  assertEquals(describeRun({ ...RUN, result: scratch }, 0.5).source, null);
});
