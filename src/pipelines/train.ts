import { countOf } from "../text/mod.ts";
import type { ImportSettings } from "../data/mod.ts";
import type { State } from "../network/mod.ts";
import {
  checkedBy,
  checkShape,
  mergeSettings,
  openRun,
  optional,
  record,
  type Run,
  RunError,
  type SomeSettings,
} from "../run/mod.ts";
import {
  checkGenotype,
  checkSpace,
  choicesOf,
  describeSizes,
  type Genotype,
  randomGenotype,
  sizesOf,
  type Space,
} from "../spaces/mod.ts";
import {
  ARCHITECTURE_SHAPE,
  DEFAULT_IMAGES,
  DEFAULT_SIZES,
  DEFAULT_TRAINING,
  describeLimit,
  describeTest,
  earlierOf,
  isRunResult,
  type LearningGroups,
  makeResult,
  openRunTask,
  readGenotype,
  type RunResult,
  runTrainingStage,
  type Session,
  type SizeGroup,
  spaceFor,
  type TimeGroup,
  type TrainingGroup,
  trainingSettings,
  variationFor,
} from "../stages/mod.ts";
import type { Task } from "../tasks/mod.ts";
import { describeModel, openSupernet, writeModel } from "../zoo/mod.ts";

/** What is trained and how. */
export interface TrainOptions extends LearningGroups {
  /** Dataset: name or folder. */
  readonly data: string;
  /** How pictures become images. */
  readonly images: ImportSettings;
  /** Where the architecture comes from; one of both. */
  readonly architecture: {
    /** Folder of a run whose architecture (and weights) to take. */
    readonly from?: string | undefined;
    /** A file, its text, or `random` for one drawn by the seed. */
    readonly genotype?: string | undefined;
  };
  /** Sizes of the network; where left out, those of the run, or the default ones of a search. */
  readonly sizes: SomeSettings<SizeGroup>;
  /** How it is trained. */
  readonly training: TrainingGroup & {
    /** Whether to start with the weights of the run's supernet. */
    readonly inherit: "weights" | "none";
  };
  /** What it must not exceed. */
  readonly budget: TimeGroup;
  /** The user's seed. */
  readonly seed: number;
}

/** Defaults of a training. */
export const TRAIN_DEFAULTS: Omit<TrainOptions, "data"> = {
  images: DEFAULT_IMAGES,
  architecture: {},
  sizes: {},
  training: { ...DEFAULT_TRAINING, inherit: "none" },
  budget: {},
  seed: 0,
};

/**
 * Trains a derived network on all training images of a dataset and evaluates it on its test images.
 *
 * The run's folder gets `genotype.json`, `network.safetensors`, `result.json`.
 *
 * @param session The run and its engine.
 * @param options Dataset, architecture, settings of the training.
 * @returns The result; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function train(session: Session, options: TrainOptions): Promise<RunResult> {
  const finished = await session.finishedResult(isRunResult);
  if (finished !== undefined) return finished;
  return await trainFrom(session, options, (task) => findStart(task, options));
}

/**
 * As {@linkcode train}, from what is at hand: such as another architecture of a supernet than that of its run.
 *
 * @param session The run and its engine.
 * @param options Dataset and settings of the training; the architecture among them is not looked at.
 * @param begin Finds what the training starts from; not called where a checkpoint knows it.
 * @returns The result.
 */
export async function trainFrom(
  session: Session,
  options: TrainOptions,
  begin: (task: Task) => Promise<Start>,
): Promise<RunResult> {
  const { data, training, budget: { timeLimit }, seed } = options;
  const task = await openRunTask(session, [data], options);
  const checkpoint = await session.load(task.fingerprint);
  const start = checkpoint ? earlierOf<Start>(checkpoint, ARCHITECTURE_SHAPE) : await begin(task);
  const { genotype, space, supernet } = start;
  const text = `training on ${data}: ${describeSizes(space)}, ${countOf(training.epochs, "epoch")}`;
  session.emit({ type: "stage", stage: "train", text });
  const trained = await runTrainingStage(session, {
    task,
    space,
    genotype,
    supernet,
    learns: "all",
    settings: trainingSettings(task, training, options.weights),
    auxiliaryWeight: training.auxiliary,
    augment: variationFor(training),
    seed,
    earlier: { genotype, space } satisfies Start,
    timeLimit,
  }, checkpoint);
  await session.run.writeGenotype(genotype);
  await writeModel(session.run, { space, genotype, state: trained.state, ...describeModel(task, data) });
  const result: RunResult = {
    ...makeResult(session, { task, data, seed, space, genotype, history: trained.history }),
    ...describeTest(trained.test),
    space,
    timeLimit: describeLimit(timeLimit, [trained.cut]),
  };
  await session.run.writeResult(result);
  return result;
}

/** What a training starts from. Without the weights it is plain JSON data, kept in checkpoints. */
export interface Start {
  /** Architecture. */
  readonly genotype: Genotype;
  /** Sizes. */
  readonly space: Space;
  /** Weights to inherit; random ones if left out. */
  readonly supernet?: State | undefined;
}

async function findStart(task: Task, options: TrainOptions): Promise<Start> {
  const { architecture: { from, genotype }, sizes, seed } = options;
  if (from !== undefined) return await startFromRun(task, from, options);
  if (genotype === undefined) throw new RangeError("Cannot train: found no architecture, expected one");
  if (options.training.inherit === "weights") {
    throw new RangeError("Cannot train: weights are to be inherited, expected --from, the run of their supernet");
  }
  const space = spaceFor(task, mergeSettings(DEFAULT_SIZES, sizes));
  return {
    genotype: genotype === "random" ? randomGenotype(seed, space) : await readGenotype(genotype, space.name),
    space,
  };
}

async function startFromRun(task: Task, from: string, options: TrainOptions): Promise<Start> {
  const { seed } = options;
  const run = await openRun(from);
  if (run.genotype === undefined) {
    throw new RunError(`Cannot train from ${from}: it has no genotype.json yet, finish it with --resume first`);
  }
  checkShape(run.result ?? {}, record({ space: optional(checkedBy(checkSpace)) }), `${from}/result.json`);
  const { space: found } = (run.result ?? {}) as { space?: unknown };
  const searched = found === undefined ? undefined : checkSpace(found);
  const sizes = searched ? { space: searched.name, ...sizesOf(searched), ...choicesOf(searched) } : DEFAULT_SIZES;
  const space = spaceFor(task, mergeSettings(sizes, options.sizes));
  const genotype = genotypeOf(run, space);
  if (options.training.inherit === "none") return { genotype, space };
  const { supernet } = await openSupernet(from);
  const { inputChannels, classes } = supernet.space;
  if (classes !== space.classes) {
    throw new RangeError(
      `Cannot inherit from ${from}: its supernet tells ${classes} classes apart, ` +
        `expected ${space.classes} as in ${options.data}`,
    );
  }
  return { genotype, space: { ...space, inputChannels }, supernet: supernet.stateFor(genotype, seed) };
}

function genotypeOf({ path, genotype }: Run, { name }: Space): Genotype {
  try {
    return checkGenotype(genotype, name);
  } catch (cause) {
    const { message } = cause as Error;
    throw new RunError(`Cannot read ${path}/genotype.json: ${message.replace("Cannot read genotype: ", "")}`, {
      cause,
    });
  }
}

/**
 * Finds the dataset of a run.
 *
 * @param path Folder of the run.
 * @returns Name or folder, as it was given, and how its pictures became images, unchecked.
 * @throws {RunError} If the folder holds no run, or one of something else.
 */
export async function datasetOfRun(path: string): Promise<{ data: string; images: ImportSettings }> {
  const { command, configuration } = await openRun(path);
  const data = configuration.data ?? configuration.target;
  if (typeof data !== "string") throw new RunError(`Cannot train from ${path}: its config.json names no dataset`);
  if (command === "pretrain" && data.includes(",")) {
    throw new RunError(
      `Cannot train from ${path}: it was pretrained on several datasets, expected one: name it with --data, or transfer`,
    );
  }
  const { images } = configuration;
  return { data, images: typeof images === "object" && images !== null ? images : {} };
}
