import type { ImportSettings } from "../data/mod.ts";
import { splitTask } from "../batches/mod.ts";
import { deriveSeed, initialiseNetwork } from "../network/mod.ts";
import { AMOUNT, checkedBy, listOf, record, SHARE } from "../run/mod.ts";
import { searchBatchFor, type TrainingReport } from "../search/mod.ts";
import { buildDerivedNetwork, checkSpace, type Genotype, randomGenotype, type Space } from "../spaces/mod.ts";
import {
  type Checkpoint,
  describeTest,
  earlierOf,
  type EpochRecord,
  figuresOf,
  isRunResult,
  type LearningGroups,
  makeResult,
  openRunTask,
  type RunResult,
  runStage,
  runTrainingStage,
  type SearchGroup,
  type Session,
  type SizeGroup,
  spaceFor,
  TRAINING_STAGE,
  type TrainingGroup,
  type TrainingOutcome,
  trainingSettings,
  variationFor,
} from "../stages/mod.ts";
import type { Task } from "../tasks/mod.ts";
import { reopenFinetuning } from "../transfer/mod.ts";
import { describeModel, writeModel } from "../zoo/mod.ts";

/** What is searched for and how. */
export interface RandomSearchOptions extends LearningGroups {
  /** Dataset: name or folder. */
  readonly target: string;
  /** How pictures become images. */
  readonly images: ImportSettings;
  /** Kind of space and sizes of the networks. */
  readonly sizes: SizeGroup;
  /** How each network learns that is tried: the epochs are those of each. */
  readonly search: Pick<
    SearchGroup,
    "epochs" | "batch" | "learningRate" | "trainPortion" | "recalibration" | "validations"
  >;
  /** Seconds within which as many networks are tried as there is time for, at least one. */
  readonly searchSeconds: number;
  /** How the best of them is trained anew on all training images. */
  readonly training: TrainingGroup;
  /** The user's seed. */
  readonly seed: number;
}

/** A network that was tried. */
interface Trial {
  readonly genotype: Genotype;
  /** Share of the held-out images classified rightly after its last epoch. */
  readonly validAccuracy: number;
  /** Seconds of the run when it was done. */
  readonly seconds: number;
}

/** What the trials before found. Plain JSON data, kept in checkpoints. */
interface Trials {
  readonly space: Space;
  readonly tried: readonly Trial[];
}

/** Name of the stage in events and checkpoints. */
const TRIAL_STAGE = "trial";

const TRIALS_SHAPE = record({
  space: checkedBy(checkSpace),
  tried: listOf(record({ genotype: record({}), validAccuracy: SHARE, seconds: AMOUNT })),
});

/**
 * Tries networks drawn at random, each trained from random weights on the images from which a supernet's weights would learn with
 * this seed and validated as a supernet is, for as long as a search may take; then trains the best on all training images. What any
 * search must beat (Li and Talwalkar, UAI 2019).
 *
 * The run's folder gets `genotype.json`, `network.safetensors`, `result.json`.
 *
 * @param session The run and its engine.
 * @param options Dataset, sizes, time, settings of both trainings.
 * @returns The result, with `trials` (how many) and `searchSeconds` (what they took); that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function randomSearch(session: Session, options: RandomSearchOptions): Promise<RunResult> {
  const finished = await session.finishedResult(isRunResult);
  if (finished !== undefined) return finished;
  const { target, seed } = options;
  const task = await openRunTask(session, [target], options);
  const checkpoint = await session.load(task.fingerprint);
  const isTraining = checkpoint?.progress.stage === TRAINING_STAGE;
  const trials = isTraining
    ? earlierOf<Trials>(checkpoint, TRIALS_SHAPE)
    : await tryNetworks(session, { task, options, checkpoint });
  const trained = await trainBest(session, { task, options, trials }, isTraining ? checkpoint : undefined);
  const { space, tried } = trials;
  const { genotype, validAccuracy } = bestOf(tried);
  await session.run.writeGenotype(genotype);
  await writeModel(session.run, { space, genotype, state: trained.state, ...describeModel(task, target) });
  const result: RunResult = {
    ...makeResult(session, { task, data: target, seed, space, genotype, history: trained.history }),
    epochs: options.search.epochs * tried.length + trained.history.length,
    ...describeTest(trained.test),
    validAccuracy,
    trials: tried.length,
    searchSeconds: tried.at(-1)!.seconds,
    space,
  };
  await session.run.writeResult(result);
  return result;
}

/** The first of the best. */
function bestOf(tried: readonly Trial[]): Trial {
  return tried.reduce((best, trial) => trial.validAccuracy > best.validAccuracy ? trial : best);
}

/** Tries as many networks as there is time for. */
async function tryNetworks(
  session: Session,
  { task, options, checkpoint }: {
    task: Task;
    options: RandomSearchOptions;
    checkpoint: Checkpoint | undefined;
  },
): Promise<Trials> {
  const space = spaceFor(task, options.sizes);
  const tried = [...checkpoint ? earlierOf<Trials>(checkpoint, TRIALS_SHAPE).tried : []];
  let unfinished = checkpoint;
  do {
    const genotype = randomGenotype(deriveSeed(options.seed, `trial ${tried.length}`), space);
    session.emit({ type: "stage", stage: "search", text: `random network ${tried.length + 1}` });
    const history = await tryNetwork(
      session,
      { task, options, genotype, trials: { space, tried: [...tried] } },
      unfinished,
    );
    unfinished = undefined;
    tried.push({ genotype, validAccuracy: history.at(-1)!.validAccuracy!, seconds: session.seconds() });
  } while (hasTime(tried, options.searchSeconds));
  return { space, tried };
}

/** Whether more than half of another trial fits. */
function hasTime(tried: readonly Trial[], limit: number): boolean {
  const { seconds } = tried.at(-1)!;
  return seconds + 0.5 * seconds / tried.length < limit;
}

/** Trains a network from random weights, and validates it after every epoch. */
async function tryNetwork(
  session: Session,
  { task, options, genotype, trials }: {
    task: Task;
    options: RandomSearchOptions;
    genotype: Genotype;
    trials: Trials;
  },
  checkpoint: Checkpoint | undefined,
): Promise<readonly EpochRecord[]> {
  const { search, training, weights, seed } = options;
  const { batch = searchBatchFor(task), trainPortion, recalibration, validations } = search;
  const learning = { ...training, ...search, batch, dropPath: 0 };
  const given = {
    engine: session.engine,
    data: task.train,
    split: splitTask(session.engine, task, { seed, trainPortion }),
    learns: "all" as const,
    settings: trainingSettings(task, learning, weights),
    recalibration,
    refitsHead: true,
    augment: {},
    objective: task.objective,
    seed,
  };
  const { history } = await runStage(session, {
    name: TRIAL_STAGE,
    program: buildDerivedNetwork({ space: trials.space, genotype }),
    batch,
    fingerprint: task.fingerprint,
    earlier: trials,
    validations,
    begin: (network) => {
      initialiseNetwork(network, seed);
      return { learner: reopenFinetuning(network, given), head: undefined };
    },
    reopen: (network) => reopenFinetuning(network, given),
    describe,
  }, checkpoint);
  return history;
}

function describe({ epochs: epoch, train, validation }: TrainingReport, seconds: number): EpochRecord {
  return { epoch, seconds, ...figuresOf({ train, validation: validation! }) };
}

async function trainBest(
  session: Session,
  { task, options: { training, seed, weights }, trials }: {
    task: Task;
    options: RandomSearchOptions;
    trials: Trials;
  },
  checkpoint: Checkpoint | undefined,
): Promise<TrainingOutcome> {
  session.emit({ type: "stage", stage: "train", text: `training the best of ${trials.tried.length} random networks` });
  return await runTrainingStage(session, {
    task,
    space: trials.space,
    genotype: bestOf(trials.tried).genotype,
    learns: "all",
    settings: trainingSettings(task, training, weights),
    auxiliaryWeight: training.auxiliary,
    augment: variationFor(training),
    seed,
    earlier: trials,
  }, checkpoint);
}
