import type { Genotype, Space } from "../spaces/mod.ts";
import { bodyFor, graftedSpace } from "../transfer/mod.ts";
import {
  augmentationFor,
  chooseSource,
  DEFAULT_SOURCE,
  DEFAULT_TRAINING,
  type EpochRecord,
  FINETUNE_STAGE,
  isRunResult,
  makeResult,
  runFinetuneStage,
  type RunResult,
  runTrainingStage,
  searchBatchFor,
  type SearchGroup,
  type Session,
  type SourceGroup,
  toPoint,
  type TrainingGroup,
  trainingSettings,
} from "../stages/mod.ts";
import { describeModel, openEntryNetwork, writeModel } from "../zoo/mod.ts";
import { openTask } from "../tasks/mod.ts";
import { TRANSFER_DEFAULTS } from "./transfer.ts";

/** What is transferred to what, and how. */
export interface TraditionalOptions {
  /** Target dataset: name or folder. */
  readonly target: string;
  /** Zoo entry with a derived, trained network. */
  readonly source: SourceGroup;
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
  source: DEFAULT_SOURCE,
  finetuning: { epochs, learningRate, trainPortion, recalibration, validations, headOnly: false, head: "refitted" },
  training: DEFAULT_TRAINING,
  seed: 0,
};

/** What the finetuning hands on to the training. Plain JSON data, kept in checkpoints. */
interface FinetuneSummary {
  readonly space: Space;
  readonly genotype: Genotype;
  readonly before: EpochRecord;
  readonly history: readonly EpochRecord[];
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
 * @param session Where.
 * @param options What and how.
 * @returns The result; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function traditional(session: Session, options: TraditionalOptions): Promise<RunResult> {
  const finished = await session.finishedResult(isRunResult);
  if (finished !== undefined) return finished;
  const { target, seed, finetuning, training } = options;
  const { headOnly } = finetuning;
  const task = await openTask(session.engine, target);
  const checkpoint = await session.load(task.dataset.fingerprint);
  const choice = await chooseSource(session, { ...options, needsNetwork: true }, checkpoint !== undefined);
  if (choice.sourceChoice !== "given") {
    session.emit({ type: "stage", stage: "select", text: `source: ${choice.source} (${choice.sourceChoice})` });
  }
  const learns = headOnly ? "head" : "all";
  const augment = augmentationFor(task.dataset, training);
  const isTraining = checkpoint?.progress.stage === "train";
  const found = isTraining ? { ...checkpoint.progress.before as FinetuneSummary, state: undefined } : await finetune();
  const { space, genotype, before, history } = found;

  session.emit({ type: "stage", stage: "train", text: `training on all images: ${training.epochs} epochs` });
  const trained = await runTrainingStage(session, {
    task,
    space,
    genotype,
    network: found.state,
    learns,
    settings: trainingSettings(task.dataset, training),
    // A head that learns alone has no use for another one.
    auxiliaryWeight: headOnly ? 0 : training.auxiliary,
    augment,
    seed,
    before: { space, genotype, before, history } satisfies FinetuneSummary,
  }, isTraining ? checkpoint : undefined);
  await session.run.writeGenotype(genotype);
  await writeModel(session.run, { space, genotype, state: trained.state, ...describeModel(task, target) });
  const result: RunResult = {
    ...makeResult(session, { data: target, seed, space, genotype, history }),
    epochs: history.length + trained.history.length,
    before,
    ...choice,
    headOnly,
    testAccuracy: trained.test.accuracy,
    testLoss: trained.test.loss,
    validAccuracy: history.at(-1)!.validAccuracy!,
    space,
    trainCurve: trained.history.map(toPoint),
  };
  await session.run.writeResult(result);
  return result;

  async function finetune() {
    const { genotype, space: from, state, entry } = await openEntryNetwork(choice.source, options.source.zoo);
    const { height, width, channels, classes } = task.dataset;
    const space = graftedSpace(from, { height, width, channels, classes: classes.length }, "both");
    const what = headOnly ? "a new head" : "all weights";
    const text = `finetuning ${what} of the network of ${entry} on ${target}: ${finetuning.epochs} epochs`;
    session.emit({ type: "stage", stage: FINETUNE_STAGE, text });
    const { epochs, batch = searchBatchFor(task.dataset), learningRate } = finetuning;
    const finetuned = await runFinetuneStage(session, {
      task,
      space,
      genotype,
      body: bodyFor({ space: from, state }, space),
      trainPortion: finetuning.trainPortion,
      learns,
      settings: { ...trainingSettings(task.dataset, training), epochs, batch, firstLearningRate: learningRate },
      recalibration: finetuning.recalibration,
      validations: finetuning.validations,
      // Features at rest would give the same head each time.
      refitsHead: finetuning.head === "refitted" && !headOnly,
      augment,
      seed,
    }, checkpoint);
    return { space, genotype, ...finetuned };
  }
}
