import { countOf } from "../text/mod.ts";
import type { ImportSettings } from "../data/mod.ts";
import type { Learns, State } from "../network/mod.ts";
import type { SomeSettings } from "../run/mod.ts";
import { choicesOf, type Genotype, type Space } from "../spaces/mod.ts";
import {
  type Checkpoint,
  chooseSource,
  DEFAULT_IMAGES,
  DEFAULT_SOURCE,
  DEFAULT_TRAINING,
  describeTest,
  earlierOf,
  type EpochRecord,
  FINETUNE_STAGE,
  isRunResult,
  type LearningGroups,
  makeResult,
  openRunTask,
  runFinetuneStage,
  type RunResult,
  runTrainingStage,
  type SearchGroup,
  type Session,
  type SizeGroup,
  type SourceChoice,
  type SourceGroup,
  SUMMARY_SHAPE,
  tellSeenSide,
  toPoint,
  TRAINING_STAGE,
  type TrainingGroup,
  type TrainingOutcome,
  trainingSettings,
  variationFor,
} from "../stages/mod.ts";
import { searchBatchFor } from "../search/mod.ts";
import type { Task } from "../tasks/mod.ts";
import { describeAnew, graftedBody, graftedSpace, listAnew } from "../transfer/mod.ts";
import { describeModel, openEntryNetwork, writeModel } from "../zoo/mod.ts";
import { TRANSFER_DEFAULTS } from "./transfer.ts";

/** What is transferred to what, and how. */
export interface TraditionalOptions extends LearningGroups {
  /** Target dataset: name or folder. */
  readonly target: string;
  /** How pictures become images. */
  readonly images: ImportSettings;
  /** Zoo entry with a derived, trained network. */
  readonly source: SourceGroup;
  /** How its network reads the images; as its own does, or as those of the target ask for, if left out. */
  readonly sizes: SomeSettings<Pick<SizeGroup, "stem">>;
  /** How it is finetuned on the part of the training images from which a supernet's weights would learn; the others validate. */
  readonly finetuning:
    & Pick<SearchGroup, "epochs" | "batch" | "learningRate" | "trainPortion" | "recalibration" | "validations">
    & {
      /** Whether only the classifier learns, or all weights. */
      readonly headOnly: boolean;
      /** Where the new head comes from; a head that learns alone is fitted at the start only. */
      readonly head: Exclude<NonNullable<SearchGroup["head"]>, "random">;
    };
  /** How it is trained on all training images after that. */
  readonly training: TrainingGroup;
  /** The user's seed. */
  readonly seed: number;
}

const { epochs, learningRate, trainPortion, recalibration, validations } = TRANSFER_DEFAULTS.search;

/** Defaults of a traditional transfer: those of a supernet's, as far as they apply. */
export const TRADITIONAL_DEFAULTS: Omit<TraditionalOptions, "target"> = {
  images: DEFAULT_IMAGES,
  source: DEFAULT_SOURCE,
  sizes: {},
  finetuning: { epochs, learningRate, trainPortion, recalibration, validations, headOnly: false, head: "refitted" },
  training: DEFAULT_TRAINING,
  seed: 0,
};

/** What the finetuning finds, without the weights: plain JSON data, kept in checkpoints. */
interface FinetuneSummary {
  readonly space: Space;
  readonly genotype: Genotype;
  /** Tensors that start anew under another stem than the source's. */
  readonly anew?: readonly string[] | undefined;
  readonly start: EpochRecord;
  readonly history: readonly EpochRecord[];
}

/** What the finetuning hands on to the training: the weights, too, where none of it was done before. */
interface Found {
  readonly summary: FinetuneSummary;
  readonly network?: State;
}

/** What a transfer works on. */
interface Transfer {
  readonly session: Session;
  readonly options: TraditionalOptions;
  readonly learns: Learns;
  readonly task: Task;
  readonly choice: SourceChoice;
}

/**
 * Transfers a trained network of fixed architecture to a dataset, as everybody does: new head, finetuning.
 *
 * In two stages, as a supernet's transfer: on the part of the training images from which a supernet's
 * weights would learn, validated on the others, for the curve; then on all of them, from where the first stage ended, for the
 * final network. The new head starts in closed form.
 *
 * The run's folder gets `genotype.json`, `network.safetensors`, `result.json`.
 *
 * @param session The run and its engine.
 * @param options Target, source, settings of both stages.
 * @returns The result; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function traditional(session: Session, options: TraditionalOptions): Promise<RunResult> {
  const finished = await session.finishedResult(isRunResult);
  if (finished !== undefined) return finished;
  const { target } = options;
  const task = await openRunTask(session, [target], options);
  const checkpoint = await session.load(task.fingerprint);
  const choice = await chooseSource(session, { ...options, needsNetwork: true }, checkpoint !== undefined);
  if (choice.sourceChoice !== "given") {
    session.emit({ type: "stage", stage: "select", text: `source: ${choice.source} (${choice.sourceChoice})` });
  }
  const given: Transfer = { session, options, learns: options.finetuning.headOnly ? "head" : "all", task, choice };
  const isTraining = checkpoint?.progress.stage === TRAINING_STAGE;
  const found = isTraining
    ? { summary: earlierOf<FinetuneSummary>(checkpoint, SUMMARY_SHAPE) }
    : await finetune(given, checkpoint);
  const trained = await trainOnAll(given, found, isTraining ? checkpoint : undefined);
  const { space, genotype } = found.summary;
  await session.run.writeGenotype(genotype);
  await writeModel(session.run, { space, genotype, state: trained.state, ...describeModel(task, target) });
  const result = describeTransfer(given, found.summary, trained);
  await session.run.writeResult(result);
  return result;
}

/** Gives the entry's network a new head, and finetunes it on a part of the images. */
async function finetune(
  { session, options, learns, task, choice }: Transfer,
  checkpoint: Checkpoint | undefined,
): Promise<Found> {
  const { source: { zoo }, sizes, finetuning, training, seed } = options;
  const { epochs, batch = searchBatchFor(task), learningRate: firstLearningRate } = finetuning;
  const { genotype, space: from, state, entry } = await openEntryNetwork(choice.source, zoo);
  const { height, width, channels, classes } = task;
  const shape = { height, width, channels, classes: classes.length };
  tellSeenSide(session, { name: entry, space: from }, { side: Math.min(height, width), images: options.images });
  // A head that learns alone reads features of the source's own stem: a new one would never learn to see.
  const choices = learns === "head" ? choicesOf(from) : choicesOf({ ...sizes, name: from.name });
  const space = graftedSpace(from, shape, "both", choices);
  const what = learns === "head" ? "a new head" : "all weights";
  const text = `finetuning ${what} of the network of ${entry} on ${options.target}${describeAnew(from, space)}: ${
    countOf(epochs, "epoch")
  }`;
  session.emit({ type: "stage", stage: FINETUNE_STAGE, text });
  const { state: network, start, history } = await runFinetuneStage(session, {
    task,
    space,
    genotype,
    body: (network) => graftedBody({ space: from, state }, { space, network }),
    trainPortion: finetuning.trainPortion,
    learns,
    settings: { ...trainingSettings(task, training, options.weights), epochs, batch, firstLearningRate },
    recalibration: finetuning.recalibration,
    validations: finetuning.validations,
    // Features at rest would give the same head each time.
    refitsHead: finetuning.head === "refitted" && learns === "all",
    augment: variationFor(training),
    seed,
  }, checkpoint);
  return { summary: { space, genotype, anew: listAnew(from, space), start, history }, network };
}

/** Trains the network on all images, from where the finetuning ended. */
async function trainOnAll(
  { session, options: { training, seed, weights }, learns, task }: Transfer,
  { summary, network }: Found,
  checkpoint: Checkpoint | undefined,
): Promise<TrainingOutcome> {
  session.emit({ type: "stage", stage: "train", text: `training on all images: ${countOf(training.epochs, "epoch")}` });
  return await runTrainingStage(session, {
    task,
    space: summary.space,
    genotype: summary.genotype,
    network,
    learns,
    settings: trainingSettings(task, training, weights),
    // A head that learns alone has no use for another one.
    auxiliaryWeight: learns === "head" ? 0 : training.auxiliary,
    augment: variationFor(training),
    seed,
    earlier: summary,
  }, checkpoint);
}

function describeTransfer(
  { session, options, task, choice }: Transfer,
  { space, genotype, anew, start, history }: FinetuneSummary,
  trained: TrainingOutcome,
): RunResult {
  return {
    ...makeResult(session, { task, data: options.target, seed: options.seed, space, genotype, history }),
    epochs: history.length + trained.history.length,
    start,
    ...choice,
    headOnly: options.finetuning.headOnly,
    ...describeTest(trained.test),
    validAccuracy: history.at(-1)!.validAccuracy,
    space,
    anew,
    trainCurve: trained.history.map(toPoint),
  };
}
