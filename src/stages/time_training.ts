import { initialiseNetwork } from "../network/mod.ts";
import { type TrainingSettings, WeightTraining } from "../search/mod.ts";
import { buildDerivedNetwork, type Genotype, type Space } from "../spaces/mod.ts";
import { headsOf, type Variation } from "../batches/mod.ts";
import { type Task, trainingImages } from "../tasks/mod.ts";
import type { Session } from "./session.ts";
import { FILES_SECONDS, type LaterWork } from "./time_budget.ts";

/** Steps that are timed, after one that fills caches. */
const STEPS = 3;

/** A pass without gradients takes less than half of a step. */
const FORWARD_SHARE = 0.4;

/**
 * Finds out how long a training of a derived network takes on this machine: by a few steps of one from random weights, which
 * change nothing but the time.
 *
 * @param session The run and its engine.
 * @param options What is to be trained; of the architecture only how large it is counts.
 * @returns The training as later work: its epochs, seconds of one, seconds of the evaluation at its end.
 */
export function timeTraining(
  { engine, memoryBytes }: Session,
  options: {
    task: Task;
    space: Space;
    genotype: Genotype;
    settings: TrainingSettings;
    auxiliaryWeight: number;
    augment: Variation;
    seed: number;
  },
): LaterWork {
  const { task, space, genotype, settings: { batch, epochs }, auxiliaryWeight, seed } = options;
  const program = buildDerivedNetwork({ space, genotype, heads: headsOf(task.train), auxiliaryWeight });
  const network = engine.compile(program, { batch, memoryBytes });
  try {
    initialiseNetwork(network, seed);
    const images = trainingImages(engine, task, seed);
    const training = new WeightTraining({
      ...options,
      engine,
      network,
      data: task.train,
      images,
      objective: task.objective,
      learns: "all",
    });
    const { stepsPerEpoch } = training.clock;
    training.takeStep();
    const startedAt = performance.now();
    const steps = Math.min(STEPS, stepsPerEpoch - 1);
    for (let i = 0; i < steps; i++) training.takeStep();
    const secondsPerStep = steps === 0 ? 0 : (performance.now() - startedAt) / 1000 / steps;
    const testCount = task.datasets.reduce((sum, { test }) => sum + test.count, 0);
    const evaluation = FORWARD_SHARE * secondsPerStep * Math.ceil(testCount / batch);
    return { epochs, secondsPerEpoch: secondsPerStep * stepsPerEpoch, end: evaluation + FILES_SECONDS };
  } finally {
    network.free();
  }
}
