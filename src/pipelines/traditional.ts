import type { Learns, State } from "../network/mod.ts";
import type { Genotype, Space } from "../spaces/mod.ts";
import type { HeadStart } from "../search/mod.ts";
import { bodyFor, graftedSpace } from "../transfer/mod.ts";
import {
  type Checkpoint,
  chooseSource,
  DEFAULT_TRAINING,
  type EpochRecord,
  FINETUNE_STAGE,
  makeResult,
  runFinetuneStage,
  type RunResult,
  runTrainingStage,
  searchBatchFor,
  type Session,
  type SourceChoice,
  toPoint,
  TRAINING_STAGE,
  type TrainingChoices,
  type TrainingOutcome,
  trainingSettings,
  variationFor,
} from "../stages/mod.ts";
import { describeModel, openEntryNetwork, writeModel } from "../zoo/mod.ts";
import { openTask, type Task } from "../tasks/mod.ts";
import { TRANSFER_DEFAULTS } from "./transfer.ts";

/** What is transferred to what, and how. */
export interface TraditionalOptions extends TrainingChoices {
  /** Target dataset: name or folder. */
  readonly target: string;
  /**
   * Zoo entry with a derived, trained network (name or folder); `auto` for the one whose data is nearest to the target,
   * `single` for the nearest of those with a single dataset, `random` for one by the seed.
   */
  readonly source: string;
  /** Folder of the zoo; that of the project if left out. */
  readonly zoo?: string;
  /** Whether only the classifier learns, or all weights. */
  readonly headOnly: boolean;
  /** Number of finetuning epochs. */
  readonly epochs: number;
  /** Learning rate of their first; it falls to 0 along a cosine. */
  readonly learningRate: number;
  /** Where the new head comes from ({@linkcode HeadStart}); one that learns alone is fitted before the first step only. */
  readonly head: Exclude<HeadStart, "random">;
  /** Images a batch of the finetuning; if left out, {@linkcode searchBatchFor} the dataset. */
  readonly batch?: number;
  /** Batches whose means running statistics become before each validation. */
  readonly recalibration: number;
  /** Validations of the finetuning's first epoch, as in {@linkcode BilevelChoices}. */
  readonly validations: number;
  /** Share of the training images from which the finetuning learns; the others validate it. */
  readonly weightShare: number;
  /** The user's seed. */
  readonly seed: number;
}

/** Defaults of a traditional transfer: those of a supernet's, as far as they apply. */
export const TRADITIONAL_DEFAULTS: Omit<TraditionalOptions, "target" | "source"> = {
  ...DEFAULT_TRAINING,
  headOnly: false,
  head: "refitted",
  epochs: TRANSFER_DEFAULTS.epochs,
  learningRate: TRANSFER_DEFAULTS.learningRate,
  recalibration: TRANSFER_DEFAULTS.recalibration,
  validations: TRANSFER_DEFAULTS.validations,
  weightShare: TRANSFER_DEFAULTS.weightShare,
  seed: 0,
};

/** What the finetuning finds, without the weights: plain JSON data, kept in checkpoints. */
interface FinetuneSummary {
  readonly space: Space;
  readonly genotype: Genotype;
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
  const finished = await session.run.result();
  if (finished !== undefined) return finished as RunResult;
  const { target } = options;
  const task = await openTask(session.engine, [target]);
  const checkpoint = await session.load(task.fingerprint);
  const choice = await chooseSource(session, { ...options, needsNetwork: true }, checkpoint !== undefined);
  if (choice.sourceChoice !== "given") {
    session.emit({ type: "stage", stage: "select", text: `source: ${choice.source} (${choice.sourceChoice})` });
  }
  const given: Transfer = { session, options, learns: options.headOnly ? "head" : "all", task, choice };
  const isTraining = checkpoint?.progress.stage === TRAINING_STAGE;
  const found = isTraining
    ? { summary: checkpoint.progress.earlier as FinetuneSummary }
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
  const { epochs, batch = searchBatchFor(task), learningRate: firstLearningRate } = options;
  const { genotype, space: from, state, entry } = await openEntryNetwork(choice.source, options.zoo);
  const { height, width, channels, classes } = task;
  const space = graftedSpace(from, { height, width, channels, classes: classes.length }, "both");
  const what = learns === "head" ? "a new head" : "all weights";
  const text = `finetuning ${what} of the network of ${entry} on ${options.target}: ${epochs} epochs`;
  session.emit({ type: "stage", stage: FINETUNE_STAGE, text });
  const { state: network, start, history } = await runFinetuneStage(session, {
    task,
    space,
    genotype,
    body: bodyFor({ space: from, state }, space),
    trainPortion: options.weightShare,
    learns,
    settings: { ...trainingSettings(task, options), epochs, batch, firstLearningRate },
    recalibration: options.recalibration,
    validations: options.validations,
    // Features at rest would give the same head each time.
    refitsHead: options.head === "refitted" && learns === "all",
    augment: variationFor(options),
    seed: options.seed,
  }, checkpoint);
  return { summary: { space, genotype, start, history }, network };
}

/** Trains the network on all images, from where the finetuning ended. */
async function trainOnAll(
  { session, options, learns, task }: Transfer,
  { summary, network }: Found,
  checkpoint: Checkpoint | undefined,
): Promise<TrainingOutcome> {
  session.emit({ type: "stage", stage: "train", text: `training on all images: ${options.trainEpochs} epochs` });
  return await runTrainingStage(session, {
    task,
    space: summary.space,
    genotype: summary.genotype,
    network,
    learns,
    settings: trainingSettings(task, options),
    // A head that learns alone has no use for another one.
    auxiliaryWeight: learns === "head" ? 0 : options.auxiliary,
    augment: variationFor(options),
    seed: options.seed,
    earlier: summary,
  }, checkpoint);
}

function describeTransfer(
  { session, options, choice }: Transfer,
  { space, genotype, start, history }: FinetuneSummary,
  trained: TrainingOutcome,
): RunResult {
  return {
    ...makeResult(session, { data: options.target, seed: options.seed, space, genotype, history }),
    epochs: history.length + trained.history.length,
    start,
    ...choice,
    headOnly: options.headOnly,
    testAccuracy: trained.test.accuracy,
    testLoss: trained.test.loss,
    validAccuracy: history.at(-1)!.validAccuracy,
    space,
    trainCurve: trained.history.map(toPoint),
  };
}
