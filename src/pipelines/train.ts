import {
  augmentationFor,
  DEFAULT_SIZES,
  DEFAULT_TRAINING,
  makeResult,
  mixedState,
  readGenotype,
  type RunResult,
  runTrainingStage,
  type Session,
  type SizeOptions,
  spaceFor,
  type TrainingChoices,
  trainingSettings,
} from "../stages/mod.ts";
import { openRun, RunError } from "../run/mod.ts";
import type { State } from "../network/mod.ts";
import { checkGenotype, describeSizes, type Genotype, randomGenotype, sizesOf, type Space } from "../spaces/mod.ts";
import { createMethod } from "../search/mod.ts";
import { describeModel, openSupernet, writeModel } from "../zoo/mod.ts";
import { openTask } from "../tasks/mod.ts";

/** What is trained and how. Either `from` or `genotype` is given. */
export interface TrainOptions extends Partial<SizeOptions>, TrainingChoices {
  /** Dataset: name or folder. */
  readonly data: string;
  /** Folder of a run whose architecture (and weights) to take. */
  readonly from?: string;
  /** Architecture: a file, its text, or `random` for one drawn by the seed. */
  readonly genotype?: string;
  /** Whether to start with the weights of the supernet of `from`. */
  readonly inherit: "weights" | "none";
  /** The user's seed. */
  readonly seed: number;
}

/** Defaults of a training. */
export const TRAIN_DEFAULTS: Omit<TrainOptions, "data"> = {
  ...DEFAULT_TRAINING,
  inherit: "none",
  seed: 0,
};

/**
 * Trains a derived network on all training images of a dataset and evaluates it on its test images.
 *
 * The run's folder gets `genotype.json`, `network.safetensors`, `result.json`.
 *
 * @param session Where.
 * @param options What and how.
 * @returns The result; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function train(session: Session, options: TrainOptions): Promise<RunResult> {
  const finished = await session.run.result();
  if (finished !== undefined) return finished as RunResult;
  const { data, seed } = options;
  const task = await openTask(session.engine, data);
  const checkpoint = await session.load(task.dataset.fingerprint);
  const start = checkpoint ? checkpoint.progress.before as Start : await findStart();
  const { genotype, space } = start;
  const text = `training on ${data}: ${describeSizes(space)}, ${options.trainEpochs} epochs`;
  session.emit({ type: "stage", stage: "train", text });
  const trained = await runTrainingStage(session, {
    task,
    space,
    genotype,
    supernet: start.supernet,
    settings: trainingSettings(task.dataset, options),
    auxiliaryWeight: options.auxiliary,
    augment: augmentationFor(task.dataset, options),
    seed,
    before: { genotype, space } satisfies Start,
  }, checkpoint);
  await session.run.writeGenotype(genotype);
  await writeModel(session.run, { space, genotype, state: trained.state, ...describeModel(task, data) });
  const result: RunResult = {
    ...makeResult(session, { data, seed, space, genotype, history: trained.history }),
    testAccuracy: trained.test.accuracy,
    testLoss: trained.test.loss,
    space,
  };
  await session.run.writeResult(result);
  return result;

  async function findStart(): Promise<Start> {
    if (options.from === undefined) {
      if (options.genotype === undefined) throw new RangeError("Cannot train: found no architecture, expected one");
      const space = spaceFor(task.dataset, { ...DEFAULT_SIZES, ...options });
      return {
        genotype: options.genotype === "random"
          ? randomGenotype(seed, space)
          : await readGenotype(options.genotype, space.name),
        space,
      };
    }
    const run = await openRun(options.from);
    if (run.genotype === undefined) {
      throw new RunError(
        `Cannot train from ${options.from}: it has no genotype.json yet, finish it with --resume first`,
      );
    }
    const { space: searched } = (run.result ?? {}) as { space?: Space };
    const sizes = searched && { space: searched.name, ...sizesOf(searched) };
    const space = spaceFor(task.dataset, { ...DEFAULT_SIZES, ...sizes, ...options });
    const genotype = checkGenotype(run.genotype, space.name);
    if (options.inherit === "none") return { genotype, space };
    const supernet = await openSupernet(options.from);
    const { inputChannels, classes } = supernet.space;
    if (classes !== space.classes) {
      throw new RangeError(
        `Cannot inherit from ${options.from}: its supernet tells ${classes} classes apart, ` +
          `expected ${space.classes} as in ${data}`,
      );
    }
    const method = createMethod(supernet.method, supernet.space);
    return { genotype, space: { ...space, inputChannels }, supernet: mixedState(supernet, { genotype, method, seed }) };
  }
}

/**
 * Finds the dataset of a run.
 *
 * @param path Folder of the run.
 * @returns Name or folder, as it was given.
 * @throws {RunError} If the folder holds no run, or one of something else.
 */
export async function datasetOfRun(path: string): Promise<string> {
  const { command, configuration } = await openRun(path);
  const data = configuration.data ?? configuration.target;
  if (typeof data !== "string") throw new RunError(`Cannot train from ${path}: its config.json names no dataset`);
  if (command === "pretrain" && data.includes(",")) {
    throw new RunError(
      `Cannot train from ${path}: it was pretrained on several datasets, expected one: name it with --data, or transfer`,
    );
  }
  return data;
}

interface Start {
  readonly genotype: Genotype;
  readonly space: Space;
  readonly supernet?: State;
}
