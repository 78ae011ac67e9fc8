import type { State } from "../network/mod.ts";
import {
  costOfDerivedNetwork,
  deriveGenotype,
  type Genotype,
  hasSameSizes,
  type Space,
  supernetNames,
} from "../spaces/mod.ts";
import { createMethod } from "../search/mod.ts";
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
  bilevelSettings,
  type BudgetGroup,
  chooseSource,
  curveFromStart,
  DEFAULT_SEARCH,
  DEFAULT_SOURCE,
  DEFAULT_TRAINING,
  type EpochRecord,
  isRunResult,
  makeResult,
  mixedState,
  type RunResult,
  runSupernetStage,
  runTrainingStage,
  type SearchGroup,
  searchPlan,
  type SearchRecord,
  type Session,
  type SourceGroup,
  startHead,
  toPoint,
  type TrainingGroup,
  trainingSettings,
} from "../stages/mod.ts";
import { describeModel, type NamedSource, openEntryNetwork, openSource, writeModel } from "../zoo/mod.ts";
import { writeSupernet } from "./search.ts";
import { openTask } from "../tasks/mod.ts";

/** What is transferred to what, and how. */
export interface TransferOptions {
  /** Target dataset: name or folder. */
  readonly target: string;
  /** Source supernet: also the folder of a run. */
  readonly source: SourceGroup & {
    /** What is taken over. */
    readonly prior: Prior;
    /** How much of the source's alpha is kept, 0 to 1. */
    readonly priorStrength: number;
  };
  /**
   * How the grafted supernet is finetuned, the warm-up among the epochs; patience is for another genotype or a better validation
   * loss; alpha's learning rate is that {@linkcode alphaLearningRateFor} the prior if left out.
   */
  readonly search: SearchGroup & {
    /** Epochs at the start in which only the new head learns; without the source's weights there are none. */
    readonly warmUp: number;
  };
  /** How the derived network is trained. */
  readonly training: TrainingGroup & {
    /**
     * Whether it starts with the supernet's weights; `network`: with those of the source's own derived, trained network where both
     * have the same operation between the same states, and the supernet's elsewhere.
     */
    readonly inherit: "weights" | "network" | "none";
  };
  /** What the derived network must not exceed. */
  readonly budget: Omit<BudgetGroup, "maxParameters"> & {
    /** Its parameters; `source`: as many as the one that the source's alpha speaks for; no limit if left out. */
    readonly maxParameters?: BudgetGroup["maxParameters"] | "source";
  };
  /** The user's seed. */
  readonly seed: number;
}

/** With DARTS' own, a prior hardly moves in a few epochs: the target would get the source's architecture. */
const FINETUNING_ALPHA_LEARNING_RATE = 0.01;

/**
 * The learning rate that alpha has unless a user gives another (docs/results.md, Tuning).
 *
 * @param prior What is taken over.
 * @returns DARTS' own for a search from scratch, a larger one for a finetuning.
 */
export function alphaLearningRateFor(prior: Prior): number {
  return prior === "none" ? DEFAULT_SEARCH.alphaLearningRate! : FINETUNING_ALPHA_LEARNING_RATE;
}

/** Defaults of a transfer. */
export const TRANSFER_DEFAULTS: Omit<TransferOptions, "target"> = {
  source: { ...DEFAULT_SOURCE, prior: "both", priorStrength: 1 },
  search: {
    ...DEFAULT_SEARCH,
    epochs: FINETUNE_SETTINGS.epochs,
    warmUp: FINETUNE_SETTINGS.warmUpEpochs,
    patience: 4,
    // Both depend on what is taken over.
    alphaLearningRate: undefined,
    head: undefined,
  },
  training: { ...DEFAULT_TRAINING, inherit: "weights" },
  budget: {},
  seed: 0,
};

/** What a finished search hands on to the training. Plain JSON data, kept in checkpoints. */
interface SearchSummary {
  readonly space: Space;
  readonly genotype: Genotype;
  readonly before?: EpochRecord | undefined;
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
  const finished = await session.finishedResult(isRunResult);
  if (finished !== undefined) return finished;
  const { target, seed, training } = options;
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

  session.emit({ type: "stage", stage: "train", text: `training the derived network: ${training.epochs} epochs` });
  const trained = await runTrainingStage(session, {
    task,
    space,
    genotype,
    supernet: training.inherit === "none" ? undefined : found.state,
    settings: trainingSettings(task.dataset, training),
    auxiliaryWeight: training.auxiliary,
    augment: augmentationFor(task.dataset, training),
    seed,
    before: { space, genotype, before, history } satisfies SearchSummary,
  }, isTraining ? checkpoint : undefined);
  await writeModel(session.run, { space, genotype, state: trained.state, ...describeModel(task, target) });
  const common = makeResult(session, { data: target, seed, space, genotype, history });
  const result: RunResult = {
    ...common,
    epochs: history.length + trained.history.length,
    searchEpochs: history.length,
    before,
    ...choice,
    prior: options.source.prior,
    testAccuracy: trained.test.accuracy,
    testLoss: trained.test.loss,
    validAccuracy: history.at(-1)!.validAccuracy,
    space,
    method: options.search.method,
    trainCurve: trained.history.map(toPoint),
  };
  await session.run.writeResult(result);
  return result;

  async function finetune(): Promise<SearchSummary & { state: State }> {
    const { prior, priorStrength: strength, zoo } = options.source;
    const { epochs, warmUp, patience, learningRate, trainPortion, validations } = options.search;
    const source = await openSource(choice.source, zoo);
    const { height, width, channels, classes } = task.dataset;
    const space = graftedSpace(source.space, { height, width, channels, classes: classes.length }, prior);
    // Whatever does not fit is said before the finetuning, not after it.
    const layer = training.inherit === "network" ? await openLayer(space) : undefined;
    const method = createMethod(options.search.method, space);
    const from = prior === "none" ? "from scratch" : `from ${source.name} (${prior})`;
    session.emit({ type: "stage", stage: "search", text: `finetuning on ${target} ${from}: at most ${epochs} epochs` });
    const isFromScratch = prior === "none";
    const { alphaLearningRate = alphaLearningRateFor(prior) } = options.search;
    const { head = takesWeights(prior) ? "refitted" : "random" } = options.search;
    const { maxParameters } = options.budget;
    const plan = isFromScratch || prior === "alpha"
      ? searchPlan(options.search)
      : finetunePlan(prior, { ...FINETUNE_SETTINGS, epochs, warmUpEpochs: warmUp, firstLearningRate: learningRate });
    const resting = plan.filter(({ updatesAlpha }) => !updatesAlpha).length;
    const outcome = await runSupernetStage(session, {
      task,
      space,
      method,
      maxParameters: maxParameters === "source" ? sizeOf(source, space) : maxParameters,
      plan,
      settings: bilevelSettings(task.dataset, { ...options.search, alphaLearningRate, head }),
      seed,
      trainPortion,
      validations,
      start: (network, images) => {
        const started = graft(network, source, {
          space,
          prior,
          strength,
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
    return { space, genotype, before, history, state: supernet };
  }

  /** The tensors of the entry's own network by their places in a supernet, over whose state they are laid. */
  async function openLayer(space: Space): Promise<State> {
    const model = await openEntryNetwork(choice.source, options.source.zoo);
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

/** Curves of a result in the order of time, for reports. */
export function curvesOf(result: RunResult): EpochRecord[] {
  return [...curveFromStart(result), ...(result.trainCurve ?? [])];
}
