import type { ParetoPoint, ParetoResult } from "../../src/pipelines/mod.ts";
import { makeSpace, randomGenotype } from "../../src/spaces/mod.ts";

const SPACE = makeSpace({ name: "darts", classes: 6, inputChannels: 3, height: 32, width: 32 });

function pointOf(i: number, parameters: number, validAccuracy: number, testAccuracy?: number): ParetoPoint {
  return {
    budget: { parameters: parameters + 100 },
    strength: 2 + i,
    parameters,
    macs: 150 * parameters,
    milliseconds: parameters / 40_000,
    validAccuracy,
    validLoss: 1 - validAccuracy,
    testAccuracy,
    testLoss: testAccuracy === undefined ? undefined : 0.4,
    folder: testAccuracy === undefined ? undefined : `networks/${i + 1}`,
    genotype: randomGenotype(i, SPACE),
  };
}

/** Five networks, of which the third is the knee, the fourth is beaten, and two were trained; another run stands beside. */
export const PARETO: ParetoResult = {
  command: "pareto",
  target: "data/sets/trash & net/",
  supernet: "transfer",
  seed: 0,
  build: "relaxed",
  mode: "fast",
  threads: 2,
  seconds: 132.4,
  space: SPACE,
  axis: "parameters",
  points: [
    pointOf(0, 21_000, 0.55),
    pointOf(1, 25_500, 0.6),
    pointOf(2, 30_200, 0.68, 0.745),
    pointOf(3, 36_100, 0.67),
    pointOf(4, 44_050, 0.7, 0.76),
  ],
  front: [0, 1, 2, 4],
  knee: 2,
  also: [{
    name: "runs/traditional-net",
    command: "traditional",
    parameters: 52_000,
    macs: 8_000_000,
    milliseconds: 1.21,
    validAccuracy: 0.66,
    testAccuracy: 0.73,
    testLoss: 0.5,
    folder: "runs/traditional-net",
    genotype: randomGenotype(9, SPACE),
  }],
  timing: { batch: 1, passes: 30, threads: 2 },
};
