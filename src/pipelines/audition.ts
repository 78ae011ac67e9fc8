import {
  buildDerivedNetwork,
  collectState,
  deriveSeed,
  type Genotype,
  inheritState,
  initialiseNetwork,
  loadState,
  type Space,
  type State,
} from "../network/mod.ts";
import {
  type Evaluation,
  fitHead,
  HeadProbe,
  splitForSearch,
  type TrainingSettings,
  type Variation,
  WeightTraining,
} from "../search/mod.ts";
import type { Session } from "./session.ts";
import type { Task } from "./task.ts";

/** Where a derived network may have its first weights from. */
export interface Start {
  /** What it is called. */
  readonly name: string;
  /** State by the supernet's names, from which the network is cut. */
  readonly supernet: State;
}

/** How a start did. Plain JSON data. */
export interface AuditionRecord {
  /** Its name. */
  readonly start: string;
  /** Mean loss on the held-out images after its epochs, in nats. */
  readonly validLoss: number;
  /** Share of them classified rightly. */
  readonly validAccuracy: number;
}

/** What is tried and how. */
export interface AuditionOptions {
  /** Images. */
  readonly task: Task;
  /** Sizes of the network. */
  readonly space: Space;
  /** Its architecture. */
  readonly genotype: Genotype;
  /** What is tried, in this order; at least one. */
  readonly starts: readonly Start[];
  /** How each learns; a few epochs. */
  readonly settings: TrainingSettings;
  /** Share of the training images from which weights learn; the others decide. */
  readonly weightShare: number;
  /** Random changes to the training images. */
  readonly augment: Variation;
  /** The user's seed. */
  readonly seed: number;
}

/**
 * Trains a derived network for a few epochs from each of several starts, on the images from which the supernet's weights
 * learnt, and finds the one that does best on those that they never saw. (Ours.)
 *
 * Short, and without checkpoints: a run that stops within an audition holds it again, to the same bits.
 *
 * @param session Where.
 * @param options What and how.
 * @returns The state of the best network, of equal ones that of lower loss; its name; how all of them did.
 * @throws {Interrupted} If asked to stop.
 * @throws {RangeError} If architecture, sizes and weights do not fit each other, or a loss is no longer finite.
 */
export async function holdAudition(
  session: Session,
  options: AuditionOptions,
): Promise<{ state: State; winner: string; records: AuditionRecord[] }> {
  const records: AuditionRecord[] = [];
  let best: { state: State; winner: string; validation: Evaluation } | undefined;
  for (const start of options.starts) {
    const { state, validation } = await tryStart(session, start, options);
    const { loss: validLoss, accuracy: validAccuracy } = validation;
    records.push({ start: start.name, validLoss, validAccuracy });
    if (best === undefined || isBetter(validation, best.validation)) best = { state, winner: start.name, validation };
    const share = (100 * validAccuracy).toFixed(1);
    const text = `starting from the ${start.name}: right on ${share} % of the held-out images`;
    session.emit({ type: "stage", stage: "audition", text });
  }
  const { state, winner } = best!;
  return { state, winner, records };
}

function isBetter(a: Evaluation, b: Evaluation): boolean {
  return a.accuracy > b.accuracy || a.accuracy === b.accuracy && a.loss < b.loss;
}

async function tryStart(
  session: Session,
  { supernet }: Start,
  { task, space, genotype, settings, weightShare, augment, seed }: AuditionOptions,
): Promise<{ state: State; validation: Evaluation }> {
  const { engine } = session;
  const { batch } = settings;
  const { weights: indices, alpha: heldOut } = splitForSearch(engine, task.trainIndices.length, {
    seed,
    portion: weightShare,
  });
  const network = engine.compile(buildDerivedNetwork({ space, genotype }), {
    batch,
    ...(session.memoryBytes !== undefined && { memoryBytes: session.memoryBytes }),
  });
  try {
    initialiseNetwork(network, seed);
    const { batchesTracked } = loadState(network, inheritState(network, supernet, { genotype, space }), {
      isPartial: true,
    });
    const headSeed = deriveSeed(seed, "head batches");
    const images = { data: task.train, indices, batch };
    const head = fitHead(engine, network, { ...images, seed: headSeed });
    const training = new WeightTraining(
      { engine, network, data: task.train, indices, augment, settings, seed: deriveSeed(seed, "audition") },
      batchesTracked + head.batches,
    );
    while (!training.isDone) {
      while (!training.isEpochOver) {
        training.takeStep();
        await session.breathe();
      }
      training.finishEpoch();
    }
    const probe = new HeadProbe(engine, network, { ...images, heldOut });
    const { validation, batches } = probe.tryHeads(deriveSeed(headSeed, `epoch ${training.epoch}`));
    training.trackPasses(batches);
    probe.adopt();
    return { state: collectState(network, { batchesTracked: training.batchesTracked }), validation };
  } finally {
    network.free();
  }
}
