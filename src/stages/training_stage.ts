import { pictureAddress } from "../data/mod.ts";
import type { BatchSource, Engine, Network } from "../engine/mod.ts";
import {
  deriveSeed,
  initialiseNetwork,
  type Learns,
  loadState,
  type State,
  withoutAuxiliaryHead,
} from "../network/mod.ts";
import {
  averageEvaluations,
  evaluateNetwork,
  type Evaluation,
  fitHead,
  temperHead,
  type TrainingReport,
  type TrainingSettings,
  WeightTraining,
} from "../search/mod.ts";
import { buildDerivedNetwork, type Genotype, inheritState, type Space } from "../spaces/mod.ts";
import { type DatasetImages, headsOf, indicesOf, type LabelledImages, type Variation } from "../batches/mod.ts";
import { type Task, trainingImages } from "../tasks/mod.ts";
import { continueNetwork } from "../transfer/mod.ts";
import type { Checkpoint, Session } from "./session.ts";
import { runStage } from "./stage.ts";
import { type TestOutcome, TestRecord } from "./test_report.ts";
import { type Cut, lastWork } from "./time_budget.ts";
import { timeTraining } from "./time_training.ts";
import type { EpochRecord } from "./types.ts";

/** What a final network is trained on and how. */
export interface TrainingStageOptions {
  /** Images; all training images are learnt from. */
  readonly task: Task;
  /** Sizes of the network. */
  readonly space: Space;
  /** Its architecture. */
  readonly genotype: Genotype;
  /** Weights of the supernet to start from, with a head in closed form; random ones if left out. */
  readonly supernet?: State | undefined;
  /** Weights of the same network to start from, head and all. */
  readonly network?: State | undefined;
  /** Which weights learn. */
  readonly learns: Learns;
  /** How they learn. */
  readonly settings: TrainingSettings;
  /** Share of the auxiliary head's loss; 0 for no such head. */
  readonly auxiliaryWeight: number;
  /** Random changes to the training images. */
  readonly augment: Variation;
  /** The user's seed. */
  readonly seed: number;
  /** What earlier stages found, to be kept in checkpoints. Plain JSON data. */
  readonly earlier: unknown;
  /** Seconds that the run may take in all; no limit if left out. */
  readonly timeLimit?: number | undefined;
  /** Whether nothing of worth comes before this stage, so that a limit too short for it is refused; true if left out. */
  readonly isFirst?: boolean | undefined;
}

/** A trained network. */
export interface TrainingOutcome {
  /** Weights, running statistics and their counters. */
  readonly state: State;
  /** All epochs. */
  readonly history: readonly EpochRecord[];
  /** How it does on the test images. */
  readonly test: TestOutcome;
  /** What a time limit took away, if it did. */
  readonly cut: Cut | undefined;
}

/** Name of the stage in events and checkpoints. */
export const TRAINING_STAGE = "train";

/**
 * Trains a derived network on all training images and evaluates it on the test images.
 *
 * @param session The run and its engine.
 * @param options The images, the network, and how it learns.
 * @param checkpoint Checkpoint of this stage, if there is one.
 * @returns The network.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {RangeError} If architecture, sizes and weights do not fit each other, or a loss is no longer finite.
 */
export async function runTrainingStage(
  session: Session,
  options: TrainingStageOptions,
  checkpoint?: Checkpoint,
): Promise<TrainingOutcome> {
  const { engine } = session;
  const { task, space, genotype, settings: { batch }, auxiliaryWeight, earlier, seed, timeLimit: limit } = options;
  const images = trainingImages(engine, task, seed);
  const learn = (network: Network, batchesTracked?: number) =>
    new WeightTraining(
      { ...options, objective: task.objective, engine, network, data: task.train, images },
      batchesTracked,
    );
  const time = limit === undefined
    ? undefined
    : { limit, later: lastWork(timeTraining(session, options).end), isFirst: options.isFirst ?? true };
  const { state, history, cut } = await runStage(session, {
    name: TRAINING_STAGE,
    program: buildDerivedNetwork({ space, genotype, heads: headsOf(task.train), auxiliaryWeight }),
    batch,
    fingerprint: task.fingerprint,
    earlier,
    validations: 1,
    begin: (network) => ({ learner: learn(network, fill(network, session, options)) }),
    reopen: (network) => learn(network),
    describe,
    time,
  }, checkpoint);
  using _ = session.heedInterrupt();
  const { classes } = task;
  const test = evaluateState(session, { images: task.test, classes, space, genotype, state, batch });
  return { state, history, cut, test: await addPictures(engine, test, task) };
}

/** Gives a network the weights that it is to start with; returns the passes that its running statistics have seen. */
function fill(network: Network, { engine }: Session, options: TrainingStageOptions): number {
  const { task, space, genotype, supernet, settings: { batch }, learns, seed } = options;
  if (options.network) return continueNetwork(network, options.network, { learns, seed });
  initialiseNetwork(network, seed);
  if (supernet === undefined) return 0;
  const inherited = inheritState(network, supernet, { genotype, space });
  const { batchesTracked } = loadState(network, inherited, { isPartial: true });
  const { parts } = task.train;
  // Heads of several datasets are the supernet's, for there is no closed form of them together.
  if (parts.length > 1) return batchesTracked;
  // Two whole operations a node add up to other features than eighths of eight did: the head must follow.
  const images = { data: task.train, indices: indicesOf(parts[0]!), batch, seed: deriveSeed(seed, "head batches") };
  const { batches } = fitHead(engine, network, images);
  // Fitted to an untrained body it can be so steep that the first step destroys what was inherited.
  temperHead(network);
  return batchesTracked + batches;
}

/**
 * Evaluates the weights of a derived network on images, without the auxiliary head.
 *
 * @param session Its engine evaluates.
 * @param options Images, names of the classes, sizes, architecture, weights, images a batch.
 * @returns Mean loss and accuracy, of several datasets the mean; of one all about its classes, without pictures.
 */
export function evaluateState(
  { engine }: Pick<Session, "engine">,
  options: {
    images: LabelledImages;
    classes: readonly string[];
    space: Space;
    genotype: Genotype;
    state: State;
    batch: number;
  },
): TestOutcome {
  const { images, classes, space, genotype, state, batch } = options;
  const program = buildDerivedNetwork({ space, genotype, heads: headsOf(images) });
  const network = engine.compile(program, { batch, isInference: true });
  try {
    loadState(network, withoutAuxiliaryHead(state));
    const record = new TestRecord(classes);
    const afterBatch = ({ labels }: BatchSource) => record.add(network.logits(), labels!);
    const evaluate = (part: DatasetImages) =>
      evaluateNetwork(network, images, { indices: indicesOf(part), batch, afterBatch });
    const evaluations = images.parts.map(evaluate);
    const [first, ...others] = evaluations as [Evaluation, ...Evaluation[]];
    const report = others.length === 0 ? record.report(first.loss) : undefined;
    return { ...averageEvaluations(evaluations), report };
  } finally {
    network.free();
  }
}

/** Sides of pictures in a report, at most: enough to see what a picture shows. */
const PICTURE_SIDE = 64;

/** Adds what the mistakes of a report look like. */
async function addPictures(
  engine: Engine,
  outcome: TestOutcome,
  { datasets: [dataset] }: Pick<Task, "datasets">,
): Promise<TestOutcome> {
  const { report } = outcome;
  if (report === undefined || dataset === undefined) return outcome;
  const { height, width, channels, test: { pixels } } = dataset;
  const scale = Math.min(1, PICTURE_SIDE / Math.max(height, width));
  const [from, size] = [{ height, width, channels }, height * width * channels];
  const to = { height: Math.round(scale * height), width: Math.round(scale * width), channels };
  const mistakes = await Promise.all(report.mistakes.map(async (mistake) => {
    const whole = pixels.read(mistake.image * size, (mistake.image + 1) * size);
    const small = scale < 1 ? engine.resize(whole, from, to) : whole;
    return { ...mistake, picture: await pictureAddress({ pixels: small, ...to }) };
  }));
  return { ...outcome, report: { ...report, mistakes } };
}

function describe({ epochs: epoch, train }: TrainingReport, seconds: number): EpochRecord {
  return { epoch, seconds, trainLoss: train.loss, trainAccuracy: train.accuracy };
}
