import { countOf } from "../text/mod.ts";
import type { ImportSettings } from "../data/mod.ts";
import type { EpochPlan, State } from "../network/mod.ts";
import type { SomeSettings } from "../run/mod.ts";
import { Supernet } from "../search/mod.ts";
import {
  choicesOf,
  costOfDerivedNetwork,
  describeSizes,
  type Genotype,
  hasSameSizes,
  randomGenotype,
  type Space,
  supernetNames,
} from "../spaces/mod.ts";
import {
  bilevelSettings,
  type BudgetGroup,
  type Checkpoint,
  chooseSource,
  type Cut,
  DEFAULT_IMAGES,
  DEFAULT_SEARCH,
  DEFAULT_SOURCE,
  DEFAULT_TRAINING,
  describeLimit,
  describeTest,
  earlierOf,
  type EpochRecord,
  isRunResult,
  lastWork,
  type LearningGroups,
  makeResult,
  openRunTask,
  type RunResult,
  runSupernetStage,
  runTrainingStage,
  type SearchGroup,
  searchPlan,
  type SearchRecord,
  type Session,
  type SizeGroup,
  type SourceChoice,
  type SourceGroup,
  type StageTime,
  startHead,
  SUMMARY_SHAPE,
  type SupernetOutcome,
  tellSeenSide,
  timeTraining,
  toPoint,
  TRAINING_STAGE,
  type TrainingGroup,
  type TrainingOutcome,
  trainingSettings,
  variationFor,
} from "../stages/mod.ts";
import type { Task } from "../tasks/mod.ts";
import {
  bodyFor,
  describeAnew,
  FINETUNE_SETTINGS,
  finetunePlan,
  graft,
  graftedSpace,
  hasSettled,
  listAnew,
  type Prior,
  takesAlpha,
  takesWeights,
} from "../transfer/mod.ts";
import { describeModel, type NamedSource, openEntryNetwork, openSource, writeModel } from "../zoo/mod.ts";
import { writeSearched } from "./search.ts";

/** What is transferred to what, and how. */
export interface TransferOptions extends LearningGroups {
  /** Target dataset: name or folder. */
  readonly target: string;
  /** How pictures become images. */
  readonly images: ImportSettings;
  /** Source supernet: also the folder of a run. */
  readonly source: SourceGroup & {
    /** What is taken over. */
    readonly prior: Prior;
    /** How much of the source's alpha is kept, 0 to 1. */
    readonly priorStrength: number;
  };
  /** How the networks read the images; as the source does, or as those of the target ask for, if left out. */
  readonly sizes: SomeSettings<Pick<SizeGroup, "stem">>;
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
    /** Seconds of the search alone, to which its epochs are shortened; no limit if left out. */
    readonly searchSeconds?: number | undefined;
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
  images: DEFAULT_IMAGES,
  source: { ...DEFAULT_SOURCE, prior: "both", priorStrength: 1 },
  sizes: {},
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

/** What the search of a transfer finds, without the weights: plain JSON data, kept in checkpoints. */
interface SearchSummary {
  readonly space: Space;
  readonly genotype: Genotype;
  /** Tensors that start anew under another stem than the source's. */
  readonly anew?: readonly string[] | undefined;
  readonly start: EpochRecord | undefined;
  readonly history: readonly SearchRecord[];
  readonly cut: Cut | undefined;
}

/** What the search hands on to the training: weights for the derived network, too, where none of it was done before. */
interface Found {
  readonly summary: SearchSummary;
  readonly supernet?: State;
}

/** What a transfer works on. */
interface Transfer {
  readonly session: Session;
  readonly options: TransferOptions;
  readonly task: Task;
  readonly choice: SourceChoice;
}

/**
 * Grafts a pretrained supernet onto a dataset, finetunes weights and architecture, derives a network and trains it.
 *
 * The run's folder gets `supernet.safetensors`, `genotype.json`, `network.safetensors`, `result.json`.
 *
 * @param session The run and its engine.
 * @param options Target, source, settings of search and training.
 * @returns The result; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function transfer(session: Session, options: TransferOptions): Promise<RunResult> {
  const finished = await session.finishedResult(isRunResult);
  if (finished !== undefined) return finished;
  const { target } = options;
  const task = await openRunTask(session, [target], options);
  const checkpoint = await session.load(task.fingerprint);
  const choice = await chooseSource(session, options, checkpoint !== undefined);
  if (choice.sourceChoice !== "given") {
    session.emit({ type: "stage", stage: "select", text: `source: ${choice.source} (${choice.sourceChoice})` });
  }
  const given = { session, options, task, choice };
  const isTraining = checkpoint?.progress.stage === TRAINING_STAGE;
  const found = isTraining
    ? { summary: earlierOf<SearchSummary>(checkpoint, SUMMARY_SHAPE) }
    : await finetune(given, checkpoint);
  const trained = await trainDerived(given, found, isTraining ? checkpoint : undefined);
  const { space, genotype } = found.summary;
  await writeModel(session.run, { space, genotype, state: trained.state, ...describeModel(task, target) });
  const result = describeTransfer(given, found.summary, trained);
  await session.run.writeResult(result);
  return result;
}

/** Grafts the source onto the target, and searches from there. */
async function finetune(given: Transfer, checkpoint: Checkpoint | undefined): Promise<Found> {
  const { session, options, task, choice } = given;
  const { source: { prior, zoo }, sizes, search, training, seed } = options;
  const source = await openSource(choice.source, zoo);
  const { height, width, channels, classes } = task;
  const { space } = source.supernet;
  const shape = { height, width, channels, classes: classes.length };
  if (takesWeights(prior)) {
    tellSeenSide(session, { name: source.name, space }, { side: Math.min(height, width), images: options.images });
  }
  const choices = choicesOf({ ...sizes, name: space.name });
  const grafted = fromSource(source.name, () => graftedSpace(space, shape, prior, choices));
  const blank = Supernet.blank(search.method, grafted, { engine: session.engine, seed });
  // Whatever does not fit is said before the finetuning, not after it.
  if (takesAlpha(prior)) checkAlphaOf(source, blank);
  const layer = training.inherit === "network" ? await openLayer(given, blank.space) : undefined;
  const taken = takesWeights(prior) ? describeAnew(space, blank.space) : "";
  const from = prior === "none" ? "from scratch" : `from ${source.name} (${prior})${taken}`;
  const text = `finetuning on ${options.target} ${from}: at most ${countOf(search.epochs, "epoch")}`;
  session.emit({ type: "stage", stage: "search", text });
  const outcome = await searchFrom(given, { source: source.supernet, blank }, checkpoint);
  await writeSearched(session, outcome);
  const { supernet, genotype, start, history, cut } = outcome;
  return {
    summary: {
      space: supernet.space,
      genotype,
      anew: takesWeights(prior) ? listAnew(space, supernet.space) : undefined,
      start,
      history,
      cut,
    },
    supernet: layer ? layOver(supernet.state, layer) : supernet.stateFor(genotype, seed),
  };
}

/** Alphas of two methods mean the same where their tensors have the same names and shapes. */
function checkAlphaOf({ name, supernet: { method } }: NamedSource, { method: wanted }: Supernet): void {
  const tensorsOf = ({ parameters }: Supernet["method"]) =>
    parameters.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join(", ") || "no alpha";
  if (tensorsOf(method) === tensorsOf(wanted)) return;
  throw new RangeError(
    `Cannot take over the alpha of ${name}: ${method.name} has ${tensorsOf(method)}, ` +
      `expected ${tensorsOf(wanted)} as ${wanted.name} has; --prior weights takes the weights alone`,
  );
}

/** Says in an error which supernet does not fit. */
function fromSource<Result>(name: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace("graft supernet:", `graft supernet ${name}:`);
    throw error;
  }
}

async function searchFrom(
  given: Transfer,
  { source, blank }: { source: Supernet; blank: Supernet },
  checkpoint: Checkpoint | undefined,
): Promise<SupernetOutcome> {
  const { session, options, task } = given;
  const { source: { prior, priorStrength: strength }, search, budget: { maxParameters }, seed } = options;
  const { patience, alphaLearningRate = alphaLearningRateFor(prior) } = search;
  const { head = takesWeights(prior) ? "refitted" : "random" } = search;
  const plan = planEpochs(prior, search);
  const resting = plan.filter(({ updatesAlpha }) => !updatesAlpha).length;
  const { space } = blank;
  return await runSupernetStage(session, {
    task,
    blank,
    maxParameters: maxParameters === "source" ? sizeOf(source, space) : maxParameters,
    plan,
    // A warm-up is not shortened: if there is no time for more, that is all.
    planFor: (epochs) => epochs > resting ? planEpochs(prior, { ...search, epochs }) : plan,
    time: timeSearch(given, blank),
    settings: bilevelSettings(task, { ...search, alphaLearningRate, head }, options.weights),
    seed,
    trainPortion: search.trainPortion,
    validations: search.validations,
    table: search.table,
    start: (network, images) => {
      const options = { space, prior, strength, initialAlpha: blank.alpha, seed };
      const started = fromSource(given.choice.source, () => graft(network, source, options));
      return startHead(session, network, { started, images, head, blank, seed });
    },
    // A search from scratch has no pretrained architecture that could have been right from the start.
    hasSettled: (history) =>
      prior !== "none" && hasSettled(history.slice(resting).map(toOutcome), { patience, space: space.name }),
  }, checkpoint);
}

function planEpochs(prior: Prior, search: TransferOptions["search"]): EpochPlan[] {
  const { epochs, warmUp: warmUpEpochs, learningRate: firstLearningRate } = search;
  return takesWeights(prior)
    ? finetunePlan(prior, { ...FINETUNE_SETTINGS, epochs, warmUpEpochs, firstLearningRate })
    : searchPlan(search);
}

/** How long the search may take, with the training after it in mind. */
function timeSearch(
  { session, options: { training, budget, seed, weights }, task }: Transfer,
  { space, method }: Supernet,
): StageTime | undefined {
  const { searchSeconds } = budget;
  if (searchSeconds !== undefined) {
    // What a method chooses in the end may take as long as its steps.
    return { limit: searchSeconds, later: lastWork(method.conclude ? searchSeconds / 2 : 0), isFirst: false };
  }
  if (budget.timeLimit === undefined) return undefined;
  const later = timeTraining(session, {
    task,
    space,
    // Which one it will be is not known yet.
    genotype: randomGenotype(seed, space),
    settings: trainingSettings(task, training, weights),
    auxiliaryWeight: training.auxiliary,
    augment: variationFor(training),
    seed,
  });
  return { limit: budget.timeLimit, later, isFirst: true };
}

/** The tensors of the entry's own network by their places in a supernet, over whose state they are laid. */
async function openLayer({ options, choice }: Transfer, space: Space): Promise<State> {
  const model = await openEntryNetwork(choice.source, options.source.zoo);
  if (!hasSameSizes(model.space, space)) {
    throw new RangeError(
      `Cannot inherit the network of ${choice.source}: it has ${describeSizes(model.space, space)}, ` +
        `expected ${describeSizes(space, model.space)}`,
    );
  }
  return supernetNames(bodyFor(model, space), model);
}

/** A state with the tensors of another in place of its own; those of a stem of other shapes are left out. */
function layOver(state: State, layer: State): State {
  const fitting = [...layer].filter(([name, { shape }]) => String(state.get(name)?.shape ?? shape) === String(shape));
  return new Map([...state, ...fitting]);
}

/** Trains the derived network on all images. */
async function trainDerived(
  { session, options: { training, budget: { timeLimit }, seed, weights }, task }: Transfer,
  { summary, supernet }: Found,
  checkpoint: Checkpoint | undefined,
): Promise<TrainingOutcome> {
  session.emit({
    type: "stage",
    stage: "train",
    text: `training the derived network: ${countOf(training.epochs, "epoch")}`,
  });
  return await runTrainingStage(session, {
    task,
    space: summary.space,
    genotype: summary.genotype,
    supernet: training.inherit === "none" ? undefined : supernet,
    learns: "all",
    settings: trainingSettings(task, training, weights),
    auxiliaryWeight: training.auxiliary,
    augment: variationFor(training),
    seed,
    earlier: summary,
    timeLimit,
    isFirst: false,
  }, checkpoint);
}

function describeTransfer(
  { session, options, task, choice }: Transfer,
  { space, genotype, anew, start, history, cut }: SearchSummary,
  trained: TrainingOutcome,
): RunResult {
  return {
    ...makeResult(session, { task, data: options.target, seed: options.seed, space, genotype, history }),
    epochs: history.length + trained.history.length,
    searchEpochs: history.length,
    start,
    ...choice,
    prior: options.source.prior,
    ...describeTest(trained.test),
    validAccuracy: history.at(-1)!.validAccuracy,
    space,
    anew,
    method: options.search.method,
    trainCurve: trained.history.map(toPoint),
    timeLimit: describeLimit(options.budget.timeLimit, [cut, trained.cut]),
  };
}

/** Parameters of the network that a source's alpha speaks for, with the classifier of a target. */
function sizeOf(source: Supernet, space: Space): number {
  return costOfDerivedNetwork({ space, genotype: source.genotype() }).parameters;
}

function toOutcome({ genotype, validLoss }: SearchRecord) {
  return { genotype, validationLoss: validLoss };
}
