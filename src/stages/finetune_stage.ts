import type { Augmentation } from "../engine/mod.ts";
import {
  asState,
  collectNetwork,
  collectState,
  deriveSeed,
  initialiseNetwork,
  loadState,
  restoreNetwork,
  type State,
} from "../network/mod.ts";
import { buildDerivedNetwork, type Genotype, type Space } from "../spaces/mod.ts";
import type { TensorLike } from "../formats/mod.ts";
import {
  decodeHead,
  encodeHead,
  evaluateNetwork,
  type Evaluation,
  fitHead,
  type FittedHead,
  HeadProbe,
  isOfFittedHead,
  recalibrate,
  type TrainingSettings,
  type TrainingState,
  WeightTraining,
} from "../search/mod.ts";
import { BatchOrder, batchSources, splitForSearch, type Task } from "../tasks/mod.ts";
import { driveEpochs, type EpochMachine, figuresOf, recordStart } from "./epochs.ts";
import type { Session, StageProgress } from "./session.ts";
import type { EpochRecord } from "./types.ts";

/** What is finetuned and how. */
export interface FinetuneStageOptions {
  /** Images. */
  readonly task: Task;
  /** Sizes of the network, with the task's classes. */
  readonly space: Space;
  /** Its architecture, which stays. */
  readonly genotype: Genotype;
  /** Weights and statistics of its body to start from. */
  readonly body: State;
  /** Share of the training images from which weights learn; the others validate. */
  readonly trainPortion: number;
  /** Which weights learn. */
  readonly learns: "all" | "head";
  /** How they learn. */
  readonly settings: TrainingSettings;
  /** Batches whose means running statistics become before each validation. */
  readonly recalibration: number;
  /** Validations of the first epoch, see {@linkcode DriveOptions}. */
  readonly validations: number;
  /** Whether a head is fitted at every validation beside SGD's, and the better one counts. */
  readonly refitsHead: boolean;
  /** Random changes to the training images. */
  readonly augment: Augmentation;
  /** The user's seed. */
  readonly seed: number;
}

/** A finetuned network. */
export interface FinetuneOutcome {
  /** Weights, running statistics and their counters. */
  readonly state: State;
  /** What the fitted head could do before the first epoch. */
  readonly before: EpochRecord;
  /** All epochs. */
  readonly history: readonly EpochRecord[];
}

/** Name of the stage in events and checkpoints. */
export const FINETUNE_STAGE = "finetune";

interface StageState {
  readonly training: TrainingState;
  readonly before: EpochRecord;
  readonly history: readonly EpochRecord[];
  readonly within?: readonly EpochRecord[];
}

interface Report {
  readonly epochs: number;
  readonly train: Evaluation;
  readonly validation: Evaluation;
}

/**
 * Gives a network of fixed architecture a new head in closed form and finetunes it on those training images from which
 * a supernet's weights would learn with this seed; the others, from which alpha would, validate each epoch. So
 * the curve can stand beside a supernet's: the same images, as many steps an epoch, validated in the same way.
 *
 * @param session Where.
 * @param options What and how.
 * @param checkpoint Checkpoint of this stage, if there is one.
 * @returns The network.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {RangeError} If architecture, sizes and weights do not fit each other, or a loss is no longer finite.
 */
export async function runFinetuneStage(
  session: Session,
  options: FinetuneStageOptions,
  checkpoint?: { tensors: Map<string, TensorLike>; progress: StageProgress },
): Promise<FinetuneOutcome> {
  const { engine } = session;
  const { task, space, genotype, body, learns, settings, recalibration, augment, seed } = options;
  const { batch } = settings;
  const { weights: indices, alpha: heldOut } = splitForSearch(engine, task.trainIndices.length, {
    seed,
    portion: options.trainPortion,
  });
  const network = engine.compile(buildDerivedNetwork({ space, genotype }), {
    batch,
    ...(session.memoryBytes !== undefined && { memoryBytes: session.memoryBytes }),
  });
  const headSeed = deriveSeed(seed, "head batches");
  const probe = options.refitsHead
    ? new HeadProbe(engine, network, { data: task.train, indices, heldOut, batch })
    : undefined;
  const order = new BatchOrder(engine, indices, { batch, seed: deriveSeed(seed, "recalibration batches") });
  try {
    const common = { engine, network, data: task.train, indices, augment, learns, settings, seed };
    const begin = checkpoint ? undefined : start();
    const training = new WeightTraining(common, begin?.batchesTracked);
    const history: EpochRecord[] = [];
    const within: EpochRecord[] = [];
    let before: EpochRecord;
    if (begin) {
      before = await recordStart(session, { stage: FINETUNE_STAGE, head: begin.head, validation: validate() });
    } else {
      const stage = checkpoint!.progress.state as StageState;
      restoreNetwork(network, checkpoint!.tensors, isOfFittedHead);
      probe?.restore(decodeHead(asState(checkpoint!.tensors)));
      training.restore(stage.training);
      before = stage.before;
      history.push(...stage.history);
      within.push(...stage.within ?? []);
    }
    const machine: EpochMachine<Report> = {
      get epoch() {
        return training.epoch;
      },
      get step() {
        return training.step;
      },
      get stepsPerEpoch() {
        return training.stepsPerEpoch;
      },
      get isEpochOver() {
        return training.isEpochOver;
      },
      get isDone() {
        return training.isDone;
      },
      takeStep: () => training.takeStep(),
      validate: () => {
        const validation = validateNow(training);
        return { ...training.report(), validation };
      },
      finishEpoch: () => {
        const validation = validateNow(training);
        return { ...training.finishEpoch(), validation };
      },
    };
    const snapshot = () => ({
      tensors: new Map([...collectNetwork(network, training.batchesTracked), ...encodeHead(probe?.kept)]),
      progress: {
        stage: FINETUNE_STAGE,
        fingerprint: task.dataset.fingerprint,
        state: { training: training.state(), before, history, within } satisfies StageState,
        before: null,
      },
    });
    await driveEpochs(session, machine, {
      stage: FINETUNE_STAGE,
      epochs: settings.epochs,
      history,
      within: { validations: options.validations, records: within },
      describe,
      snapshot,
    });
    probe?.adopt();
    return { state: collectState(network, { batchesTracked: training.batchesTracked }), before, history };
  } finally {
    network.free();
  }

  /** Lets running statistics follow the weights, and validates, with the better head if one is fitted beside SGD's. */
  function validateNow(training: WeightTraining): Evaluation {
    const { epoch, step, isEpochOver } = training;
    if (probe) {
      const moment = isEpochOver ? `epoch ${epoch}` : `epoch ${epoch}, step ${step}`;
      const { validation, batches } = probe.tryHeads(deriveSeed(headSeed, moment));
      training.trackPasses(batches);
      return validation;
    }
    const sources = batchSources(task.train, order, { epoch, count: recalibration, augment, seed });
    training.trackPasses(recalibrate(network, sources));
    return validate();
  }

  function validate(): Evaluation {
    return evaluateNetwork(network, task.train, { indices: heldOut, batch });
  }

  function start(): { batchesTracked: number; head: FittedHead } {
    initialiseNetwork(network, seed);
    const { batchesTracked } = loadState(network, body, { isPartial: true });
    const head = fitHead(engine, network, { data: task.train, indices, batch, seed: headSeed });
    return { batchesTracked: batchesTracked + head.batches, head };
  }
}

function describe(report: Report, seconds: number): EpochRecord {
  return { epoch: report.epochs, seconds, ...figuresOf(report) };
}
