import {
  collectNetwork,
  collectState,
  deriveSeed,
  initialiseNetwork,
  loadState,
  restoreNetwork,
  type State,
} from "../network/mod.ts";
import { buildDerivedNetwork, type Genotype, inheritState, type Space } from "../spaces/mod.ts";
import type { TensorLike } from "../formats/mod.ts";
import {
  averageEvaluations,
  evaluateNetwork,
  type Evaluation,
  fitHead,
  temperHead,
  type TrainingSettings,
  type TrainingState,
  WeightTraining,
} from "../search/mod.ts";
import type { ImageSampler, LabelledImages, Variation } from "../tasks/mod.ts";
import { driveEpochs } from "./epochs.ts";
import type { EpochRecord } from "./types.ts";
import type { Session, StageProgress } from "./session.ts";

/** The images of a final network: a {@linkcode Task}, or several datasets together. */
export interface TrainingTask {
  /** What the images are known by. */
  readonly dataset: { readonly fingerprint: string };
  /** Images to learn from. */
  readonly train: LabelledImages;
  /** Indices of all of them, or what draws those of an epoch. */
  readonly trainIndices: Uint32Array | ImageSampler;
  /** Images that only a finished network sees. */
  readonly test: LabelledImages;
  /** Indices of all of them. */
  readonly testIndices: Uint32Array;
  /** Of several datasets: the number of classes and the indices of the test images of each. */
  readonly parts?: readonly { readonly classes: number; readonly testIndices: Uint32Array }[];
}

/** What a final network is trained on and how. */
export interface TrainingStageOptions {
  /** Images; all training images are learnt from. */
  readonly task: TrainingTask;
  /** Sizes of the network. */
  readonly space: Space;
  /** Its architecture. */
  readonly genotype: Genotype;
  /** Weights of the supernet to start from, with a head in closed form; random ones if left out. */
  readonly supernet?: State | undefined;
  /** Weights of the same network to start from, head and all. */
  readonly network?: State | undefined;
  /** Which weights learn; all if left out. */
  readonly learns?: "all" | "head";
  /** How it learns. */
  readonly settings: TrainingSettings;
  /** Share of the auxiliary head's loss; 0 for no such head. */
  readonly auxiliaryWeight: number;
  /** Random changes to the training images. */
  readonly augment: Variation;
  /** The user's seed. */
  readonly seed: number;
  /** What the stages before found, to be kept in checkpoints. */
  readonly before: unknown;
}

/** A trained network. */
export interface TrainingOutcome {
  /** Weights, running statistics and their counters. */
  readonly state: State;
  /** All epochs. */
  readonly history: readonly EpochRecord[];
  /** How it does on the test images; of several datasets the mean. */
  readonly test: Evaluation;
}

const STAGE = "train";

interface StageState {
  readonly training: TrainingState;
  readonly history: readonly EpochRecord[];
}

/**
 * Trains a derived network on all training images and evaluates it on the test images.
 *
 * @param session Where.
 * @param options What and how.
 * @param checkpoint Checkpoint of this stage, if there is one.
 * @returns The network.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {RangeError} If architecture, sizes and weights do not fit each other, or a loss is no longer finite.
 */
export async function runTrainingStage(
  session: Session,
  options: TrainingStageOptions,
  checkpoint?: { tensors: Map<string, TensorLike>; progress: StageProgress },
): Promise<TrainingOutcome> {
  const { engine } = session;
  const { task, space, genotype, supernet, settings, auxiliaryWeight, augment, learns = "all", seed } = options;
  const network = engine.compile(buildDerivedNetwork({ space, genotype, ...headsOf(task), auxiliaryWeight }), {
    batch: settings.batch,
    ...(session.memoryBytes !== undefined && { memoryBytes: session.memoryBytes }),
  });
  let state: State;
  const history: EpochRecord[] = [];
  try {
    const training = new WeightTraining(
      { engine, network, data: task.train, indices: task.trainIndices, augment, learns, settings, seed },
      checkpoint ? 0 : begin(),
    );
    if (checkpoint) {
      const stage = checkpoint.progress.state as StageState;
      restoreNetwork(network, checkpoint.tensors);
      training.restore(stage.training);
      history.push(...stage.history);
    }
    const snapshot = () => ({
      tensors: collectNetwork(network, training.batchesTracked),
      progress: {
        stage: STAGE,
        fingerprint: task.dataset.fingerprint,
        state: { training: training.state(), history } satisfies StageState,
        before: options.before,
      },
    });
    // From here on the supernet's checkpoint is no longer needed, nor what was read from another run.
    if (!checkpoint) await session.save(snapshot());
    await driveEpochs(session, training, { stage: STAGE, epochs: settings.epochs, history, describe, snapshot });
    state = collectState(network, { batchesTracked: training.batchesTracked });
  } finally {
    network.free();
  }
  return { state, history, test: evaluateState(session, { task, space, genotype, state, batch: settings.batch }) };

  function begin(): number {
    initialiseNetwork(network, seed);
    if (options.network) {
      const { batchesTracked } = loadState(network, options.network, { isPartial: true });
      // Its head may be a fitted one; where the body rests, that does no harm.
      if (learns === "all") temperHead(network);
      return batchesTracked;
    }
    if (supernet === undefined) return 0;
    const inherited = inheritState(network, supernet, { genotype, space });
    const { batchesTracked } = loadState(network, inherited, { isPartial: true });
    // Heads of several datasets are the supernet's, for there is no closed form of them together.
    if (!(task.trainIndices instanceof Uint32Array)) return batchesTracked;
    // Two whole operations a node add up to other features than eighths of eight did: the head must follow.
    const { batches } = fitHead(engine, network, {
      data: task.train,
      indices: task.trainIndices,
      batch: settings.batch,
      seed: deriveSeed(seed, "head batches"),
    });
    // Fitted to an untrained body it can be so steep that the first step destroys what was inherited.
    temperHead(network);
    return batchesTracked + batches;
  }
}

/**
 * Evaluates the weights of a derived network on a task's test images, without the auxiliary head.
 *
 * @param session Where.
 * @param options Task, sizes, architecture, weights, images a batch.
 * @returns Mean loss and accuracy.
 */
export function evaluateState(
  { engine }: Pick<Session, "engine">,
  options: { task: TrainingTask; space: Space; genotype: Genotype; state: State; batch: number },
): Evaluation {
  const { task, space, genotype, state, batch } = options;
  const network = engine.compile(buildDerivedNetwork({ space, genotype, ...headsOf(task) }), {
    batch,
    isInference: true,
  });
  try {
    loadState(network, withoutAuxiliaryHead(state));
    const evaluate = (indices: Uint32Array) => evaluateNetwork(network, task.test, { indices, batch });
    return task.parts
      ? averageEvaluations(task.parts.map(({ testIndices }) => evaluate(testIndices)))
      : evaluate(task.testIndices);
  } finally {
    network.free();
  }
}

function headsOf({ parts }: TrainingTask): { heads?: readonly number[] } {
  return parts ? { heads: parts.map(({ classes }) => classes) } : {};
}

/** A derived network's state without the tensors that only training needs. */
export function withoutAuxiliaryHead(state: State): State {
  return new Map([...state].filter(([name]) => !name.startsWith("auxiliary_head.")));
}

function describe({ epochs: epoch, train }: { epochs: number; train: Evaluation }, seconds: number): EpochRecord {
  return { epoch, seconds, trainLoss: train.loss, trainAccuracy: train.accuracy };
}
