import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import type { EpochRecord, RunResult } from "../../src/stages/mod.ts";

/** An epoch of a supernet or, without `validAccuracy`, of a derived network. */
export function epochOf(epoch: number, trainAccuracy: number, validAccuracy?: number): EpochRecord {
  return {
    epoch,
    seconds: 10 * epoch + (validAccuracy === undefined ? 30 : 2),
    trainLoss: 1 / (epoch + 1),
    trainAccuracy,
    ...(validAccuracy !== undefined && { validLoss: 0.5 / (epoch + 1), validAccuracy }),
  };
}

/** A transfer of two epochs and three of training, in which all went well. */
export const TRANSFER: RunResult = {
  command: "transfer",
  data: "data/sets/uci-digits/",
  seed: 0,
  build: "strict",
  mode: "default",
  threads: 2,
  epochs: 5,
  seconds: 64.2,
  testAccuracy: 0.976,
  testLoss: 0.1,
  validAccuracy: 0.98,
  genotype: randomGenotype(1),
  parameters: 50_450,
  macs: 9_030_912,
  start: epochOf(0, 0.9, 0.92),
  curve: [epochOf(1, 0.85, 0.96), epochOf(2, 0.95, 0.98)],
  trainCurve: [epochOf(1, 0.8), epochOf(2, 0.95), epochOf(3, 0.99)],
  source: "runs/zoo/broad",
  sourceChoice: "auto",
  sourceRanking: [{ name: "broad", distance: 91.24 }, { name: "cifar10", distance: 101.3 }],
  prior: "both",
  space: { name: "darts", classes: 10, candidates: { normal: [["a", "b"]], reduce: [["c"]] } },
};
