import type { State } from "../network/mod.ts";
import {
  costOfDerivedNetwork,
  deriveGenotype,
  type Genotype,
  hasSameSizes,
  type Space,
  supernetNames,
} from "../spaces/mod.ts";
import { createMethod, type HeadStart } from "../search/mod.ts";
import {
  bodyFor,
  FINETUNE_SETTINGS,
  finetunePlan,
  graft,
  graftedSpace,
  hasSettled,
  type Prior,
  takesWeights,
} from "../transfer/mod.ts";
import {
  augmentationFor,
  type BilevelChoices,
  bilevelSettings,
  chooseSource,
  DEFAULT_BILEVEL,
  DEFAULT_TRAINING,
  type EpochRecord,
  makeResult,
  mixedState,
  type RunResult,
  runSupernetStage,
  runTrainingStage,
  searchPlan,
  type SearchRecord,
  type Session,
  startHead,
  toPoint,
  type TrainingChoices,
  trainingSettings,
} from "../stages/mod.ts";
import { describeModel, type NamedSource, openEntryNetwork, openSource, writeModel } from "../zoo/mod.ts";
import { writeSupernet } from "./search.ts";
import { openTask } from "../tasks/mod.ts";

/** What is transferred to what, and how. */
export interface TransferOptions extends Omit<BilevelChoices, "alphaLearningRate">, TrainingChoices {
  /** Target dataset: name or folder. */
  readonly target: string;
  /**
   * Source supernet: zoo entry (name or folder), or folder of a run; `auto` for the entry whose data is nearest to the
   * target, `single` for the nearest of those with a single dataset, `random` for one by the seed.
   */
  readonly source: string;
  /** Folder of the zoo; that of the project if left out. */
  readonly zoo?: string;
  /** What is taken over. */
  readonly prior: Prior;
  /** How much of the source's alpha is kept, 0 to 1. */
  readonly priorStrength: number;
  /** Where the new head comes from; if left out, it is refitted where weights are taken over and random elsewhere. */
  readonly head?: HeadStart;
  /** Learning rate of alpha; that {@linkcode alphaLearningRateFor} the prior if left out. */
  readonly alphaLearningRate?: number;
  /** Number of finetuning epochs, the warm-up among them. */
  readonly epochs: number;
  /** Epochs at the start in which only the new head learns; without the source's weights there are none. */
  readonly warmUp: number;
  /** Epochs in which neither genotype nor validation loss moves, after which finetuning stops; 0: never. */
  readonly patience: number;
  /**
   * Whether the final network starts with the supernet's weights; `network`: with those of the source's own derived, trained
   * network where both have the same operation between the same states, and the supernet's elsewhere.
   */
  readonly inherit: "weights" | "network" | "none";
  /** Most parameters of the derived network; `source`: as many as the one that the source's alpha speaks for; no limit if left out. */
  readonly maxParameters?: number | "source";
  /** The user's seed. */
  readonly seed: number;
}

const { alphaLearningRate: SCRATCH_ALPHA_LEARNING_RATE, ...BILEVEL } = DEFAULT_BILEVEL;

/** With DARTS' own, a prior hardly moves in a few epochs: the target would get the source's architecture. */
const FINETUNING_ALPHA_LEARNING_RATE = 0.01;

/**
 * The learning rate that alpha has unless a user gives another (docs/results.md, Tuning).
 *
 * @param prior What is taken over.
 * @returns DARTS' own for a search from scratch, a larger one for a finetuning.
 */
export function alphaLearningRateFor(prior: Prior): number {
  return prior === "none" ? SCRATCH_ALPHA_LEARNING_RATE : FINETUNING_ALPHA_LEARNING_RATE;
}

/** Defaults of a transfer. */
export const TRANSFER_DEFAULTS: Omit<TransferOptions, "target" | "source"> = {
  ...BILEVEL,
  ...DEFAULT_TRAINING,
  prior: "both",
  priorStrength: 1,
  epochs: FINETUNE_SETTINGS.epochs,
  warmUp: FINETUNE_SETTINGS.warmUpEpochs,
  patience: 4,
  inherit: "weights",
  seed: 0,
};

/** What a finished search hands on to the training. Plain JSON data, kept in checkpoints. */
interface SearchSummary {
  readonly space: Space;
  readonly genotype: Genotype;
  readonly before?: EpochRecord;
  readonly history: readonly SearchRecord[];
}

/**
 * Grafts a pretrained supernet onto a dataset, finetunes weights and architecture, derives a network and trains it.
 *
 * The run's folder gets `supernet.safetensors`, `genotype.json`, `network.safetensors`, `result.json`.
 *
 * @param session Where.
 * @param options What and how.
 * @returns The result; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function transfer(session: Session, options: TransferOptions): Promise<RunResult> {
  const finished = await session.run.result();
  if (finished !== undefined) return finished as RunResult;
  const { target, seed } = options;
  const task = await openTask(session.engine, target);
  const checkpoint = await session.load(task.dataset.fingerprint);
  const choice = await chooseSource(session, options, checkpoint !== undefined);
  if (choice.sourceChoice !== "given") {
    session.emit({ type: "stage", stage: "select", text: `source: ${choice.source} (${choice.sourceChoice})` });
  }
  const isTraining = checkpoint?.progress.stage === "train";
  const found: SearchSummary & { state?: State } = isTraining
    ? checkpoint.progress.before as SearchSummary
    : await finetune();
  const { space, genotype, before, history } = found;

  session.emit({ type: "stage", stage: "train", text: `training the derived network: ${options.trainEpochs} epochs` });
  const trained = await runTrainingStage(session, {
    task,
    space,
    genotype,
    supernet: options.inherit === "none" ? undefined : found.state,
    settings: trainingSettings(task.dataset, options),
    auxiliaryWeight: options.auxiliary,
    augment: augmentationFor(task.dataset, options),
    seed,
    before: { space, genotype, ...(before && { before }), history } satisfies SearchSummary,
  }, isTraining ? checkpoint : undefined);
  await writeModel(session.run, { space, genotype, state: trained.state, ...describeModel(task, target) });
  const common = makeResult(session, { data: target, seed, space, genotype, history });
  const result: RunResult = {
    ...common,
    epochs: history.length + trained.history.length,
    searchEpochs: history.length,
    ...(before && { before }),
    ...choice,
    prior: options.prior,
    testAccuracy: trained.test.accuracy,
    testLoss: trained.test.loss,
    validAccuracy: history.at(-1)!.validAccuracy,
    space,
    method: options.method,
    trainCurve: trained.history.map(toPoint),
  };
  await session.run.writeResult(result);
  return result;

  async function finetune(): Promise<SearchSummary & { state: State }> {
    const { prior, epochs, warmUp, patience, learningRate } = options;
    const source = await openSource(choice.source, options.zoo);
    const { height, width, channels, classes } = task.dataset;
    const space = graftedSpace(source.space, { height, width, channels, classes: classes.length }, prior);
    // Whatever does not fit is said before the finetuning, not after it.
    const layer = options.inherit === "network" ? await openLayer(space) : undefined;
    const method = createMethod(options.method, space);
    const from = prior === "none" ? "from scratch" : `from ${source.name} (${prior})`;
    session.emit({ type: "stage", stage: "search", text: `finetuning on ${target} ${from}: at most ${epochs} epochs` });
    const isFromScratch = prior === "none";
    const choices: BilevelChoices = {
      ...options,
      alphaLearningRate: options.alphaLearningRate ?? alphaLearningRateFor(prior),
    };
    const head = options.head ?? (takesWeights(prior) ? "refitted" : "random");
    const plan = isFromScratch || prior === "alpha"
      ? searchPlan(epochs, choices)
      : finetunePlan(prior, { ...FINETUNE_SETTINGS, epochs, warmUpEpochs: warmUp, firstLearningRate: learningRate });
    const resting = plan.filter(({ updatesAlpha }) => !updatesAlpha).length;
    const outcome = await runSupernetStage(session, {
      task,
      space,
      method,
      maxParameters: options.maxParameters === "source" ? sizeOf(source, space) : options.maxParameters,
      plan,
      settings: { ...bilevelSettings(task.dataset, choices), refitsHead: head === "refitted" },
      seed,
      weightShare: options.weightShare,
      validations: options.validations,
      start: (network, images) => {
        const started = graft(network, source, {
          space,
          prior,
          strength: options.priorStrength,
          initialAlpha: method.initialAlpha(session.engine, seed),
          seed,
        });
        return startHead(session, network, { started, images, head, method, seed });
      },
      // A search from scratch has no pretrained architecture that could have been right from the start.
      hasSettled: (history) => !isFromScratch && hasSettled(history.slice(resting).map(toOutcome), { patience }),
    }, checkpoint);
    await writeSupernet(session, outcome, { space, method });
    const { genotype, before, history, state } = outcome;
    const supernet = layer
      ? new Map([...state, ...layer])
      : mixedState({ state, alpha: outcome.alpha, space }, { genotype, method, seed });
    return { space, genotype, ...(before && { before }), history, state: supernet };
  }

  /** The tensors of the entry's own network by their places in a supernet, over whose state they are laid. */
  async function openLayer(space: Space): Promise<State> {
    const model = await openEntryNetwork(choice.source, options.zoo);
    if (!hasSameSizes(model.space, space)) {
      throw new RangeError(
        `Cannot inherit the network of ${choice.source}: it has ${model.space.channels} channels, expected ${space.channels}`,
      );
    }
    return supernetNames(bodyFor(model, space), model);
  }
}

/** Parameters of the network that a source's alpha speaks for, with the classifier of a target. */
function sizeOf({ space: own, method, alpha }: NamedSource, space: Space): number {
  const genotype = deriveGenotype(createMethod(method, own).strengths(alpha), own);
  return costOfDerivedNetwork({ space, genotype }).parameters;
}

function toOutcome({ genotype, validLoss }: SearchRecord) {
  return { genotype, validationLoss: validLoss };
}
