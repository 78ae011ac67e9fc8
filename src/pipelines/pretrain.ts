import { countOf } from "../text/mod.ts";
import type { ImportSettings } from "../data/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { initialiseNetwork } from "../network/mod.ts";
import type { Queue } from "../queue/mod.ts";
import { DILOCO, Rounds } from "../rounds/mod.ts";
import { methodRow, Supernet } from "../search/mod.ts";
import {
  bilevelSettings,
  type Continued,
  type ContinuedPrior,
  DEFAULT_IMAGES,
  DEFAULT_SEARCH,
  DEFAULT_SHARING,
  DEFAULT_SIZES,
  describeLimit,
  type EntryGroup,
  type EntryResult,
  FILES_SECONDS,
  hasStalled,
  isEntryResult,
  lastWork,
  type LearningGroups,
  learningOf,
  makeResult,
  openContinued,
  openRunTask,
  type RunResult,
  runSupernetStage,
  type SearchGroup,
  searchPlan,
  type SearchRecord,
  type Session,
  type SharingGroup,
  type SizeGroup,
  spaceFor,
  type SupernetOutcome,
  type TimeGroup,
} from "../stages/mod.ts";
import type { Shares } from "../batches/mod.ts";
import type { Task } from "../tasks/mod.ts";
import { type Card, checkEntryName, describeSources, signSources, writeZooEntry } from "../zoo/mod.ts";
import { writeSearched } from "./search.ts";

/** What a supernet is pretrained on and how. */
export interface PretrainOptions extends LearningGroups {
  /** Dataset, or several with commas between: names or folders. */
  readonly data: string;
  /** How pictures become images. */
  readonly images: ImportSettings;
  /** The entry that it becomes; one of that name is replaced. */
  readonly entry: EntryGroup;
  /** Sizes of the supernet. */
  readonly sizes: SizeGroup;
  /** How it learns, each head from random weights; patience is for a better validation accuracy. */
  readonly search: Omit<SearchGroup, "head">;
  /** How several datasets share an epoch. */
  readonly sharing: SharingGroup & {
    /** Most validation images of a dataset; {@linkcode VALIDATION_IMAGES} of each of several, all of a single one if left out. */
    readonly validationImages?: number | undefined;
  };
  /** What it begins with; random weights if left out. */
  readonly start: {
    /** Supernet: a zoo entry (name or folder) or the folder of a run; of several, with commas between, the mean; its sizes count. */
    readonly from?: string | undefined;
    /** Candidate operations that each edge keeps of it, the strongest by its alpha; all if left out. */
    readonly keep?: number | undefined;
    /** What is taken over of it: all, or its architecture prior, to which sizes of the user's own may be given; all if left out. */
    readonly prior?: ContinuedPrior | undefined;
  };
  /** How many workers share its epochs; this process takes them alone if left out. */
  readonly rounds?: {
    /** Rounds, each with the images of an epoch; instead of epochs. */
    readonly count?: number | undefined;
    /** Workers among whom a round is shared; {@linkcode ROUND_WORKERS} if left out. */
    readonly workers?: number | undefined;
    /** Share of the way to the mean that the weights go; that of {@linkcode DILOCO} if left out. */
    readonly outerLearningRate?: number | undefined;
    /** Nesterov momentum of it, likewise. */
    readonly outerMomentum?: number | undefined;
  } | undefined;
  /** What it must not exceed. */
  readonly budget: TimeGroup;
  /** The user's seed. */
  readonly seed: number;
}

/** Workers of a round, if nobody says. */
export const ROUND_WORKERS = 2;

/** Seconds for which a round waits for the other workers once one is done, if nobody says. */
export const ROUND_TIMEOUT = 600;

/** Where the workers of a pretraining in rounds are. */
export interface Machines {
  /** The queue that they serve. */
  readonly queue: Queue;
  /** Seconds after the first part of a round that came in, after which the others are left out. */
  readonly timeoutSeconds?: number | undefined;
  /** Rootstock's version, which must be theirs, too. */
  readonly version: string;
}

/** Validation images of each of several datasets: two decimals of a share are as many as an epoch can tell. */
export const VALIDATION_IMAGES = 1000;

/** Defaults of a pretraining: long enough to become flat, and it stops there. */
export const PRETRAIN_DEFAULTS: Omit<PretrainOptions, "data" | "entry"> = {
  images: DEFAULT_IMAGES,
  sizes: DEFAULT_SIZES,
  search: { ...withoutHead(DEFAULT_SEARCH), epochs: 30, patience: 6 },
  sharing: DEFAULT_SHARING,
  start: {},
  rounds: {},
  budget: {},
  seed: 0,
};

function withoutHead({ head: _, ...others }: SearchGroup): PretrainOptions["search"] {
  return others;
}

/**
 * Pretrains a supernet on one dataset, or on several with one head each, and adds it to a zoo.
 *
 * @param session The run and its engine.
 * @param given Datasets, name of the entry, settings of the search.
 * @param machines Where workers are, for one in rounds.
 * @returns The result with the card of the entry; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function pretrain(
  session: Session,
  given: PretrainOptions,
  machines?: Machines,
): Promise<EntryResult> {
  const finished = await session.finishedResult(isEntryResult);
  if (finished !== undefined) return finished;
  const options = withRounds(given, machines);
  const { entry: { name, zoo } } = options;
  checkEntryName(name);
  const task = await openRunTask(session, options.data.split(","), {
    images: options.images,
    loss: options.loss,
    variation: options.variation,
    shares: sharesFor(options),
  });
  const start = await openStart(session.engine, options, task);
  const signatures = await signSources(session.engine, task.datasets, options.seed);
  const rounds = machines && await openRounds(session, { options, task, start }, machines);
  const outcome = await searchAll(session, { options, task, start }, rounds);
  await writeSearched(session, outcome);
  const { supernet, genotype, history, cut } = outcome;
  const { space, method } = supernet;
  const common = makeResult(session, { task, data: options.data, seed: options.seed, space, genotype, history });
  const described = describePretraining({ options, task, start }, history, common);
  const card = await writeZooEntry({ card: described, supernet, signatures }, zoo);
  const { validAccuracy } = history.at(-1)!;
  const timeLimit = describeLimit(options.budget.timeLimit, [cut]);
  const result = { ...common, validAccuracy, space, method: method.name, card, timeLimit };
  await session.run.writeResult(result);
  await rounds?.clear();
  return result;
}

/** A round has the images of an epoch, so there are as many epochs. */
function withRounds(options: PretrainOptions, machines: Machines | undefined): PretrainOptions {
  const { rounds: { count } = {}, search, budget: { timeLimit } } = options;
  if ((count === undefined) !== (machines === undefined)) {
    throw new RangeError("Cannot pretrain in rounds: expected both, a number of rounds and a queue");
  }
  if (count === undefined) return options;
  if (timeLimit !== undefined) throw new RangeError("Cannot limit the time of rounds: expected no --time-limit");
  if (search.validations !== 1) throw new RangeError("Cannot validate within a round: expected --validations 1");
  return { ...options, search: { ...search, epochs: count } };
}

/** Rounds that workers take, with all that they need to know. */
async function openRounds(
  session: Session,
  { options, task, start }: Pretraining,
  { queue, timeoutSeconds = ROUND_TIMEOUT, version }: Machines,
): Promise<Rounds> {
  const { rounds = {}, images, search, seed } = options;
  const { workers = ROUND_WORKERS, outerLearningRate, outerMomentum } = rounds;
  const method = methodRow(start.blank.method.name);
  return await Rounds.open({
    out: session.run.path,
    queue,
    workers,
    timeoutSeconds,
    outer: {
      learningRate: outerLearningRate ?? DILOCO.learningRate,
      momentum: outerMomentum ?? DILOCO.momentum,
    },
    setting: {
      ...learningOf(options),
      version,
      build: session.engine.build,
      data: options.data.split(","),
      fingerprint: task.fingerprint,
      images,
      shares: task.shares,
      search: { ...search, method: method.name },
      trainPortion: method.trainPortion ?? search.trainPortion,
      seed,
    },
    watch: () => session.requireUninterrupted(),
    say: (text) => session.emit({ type: "stage", stage: "search", text }),
  });
}

/** How epochs are shared among the datasets; a single one is shared only where a part of its images is asked for. */
function sharesFor(options: Pick<PretrainOptions, "data" | "sharing">): Shares | undefined {
  const { data, sharing: { sampling, imagesPerEpoch, validationImages } } = options;
  const isSingle = !data.includes(",");
  if (isSingle && imagesPerEpoch === undefined && validationImages === undefined) return undefined;
  return {
    sampling,
    validationImages: validationImages ?? (isSingle ? undefined : VALIDATION_IMAGES),
    imagesPerEpoch,
  };
}

/** The space of the supernet, and what fills it: random weights, or those with which it is to begin. */
async function openStart(engine: Engine, options: PretrainOptions, task: Task): Promise<Continued> {
  const { start: { from, keep, prior }, search: { method }, entry: { zoo }, seed } = options;
  if (from !== undefined) {
    const { classes, height, width, channels } = task;
    return await openContinued(from, {
      engine,
      shape: { classes: classes.length, height, width, channels },
      sizes: options.sizes,
      datasets: task.datasets.map(({ fingerprint }) => fingerprint),
      method,
      seed,
      keep,
      prior,
      zoo,
    });
  }
  if (prior !== undefined) {
    throw new RangeError("Cannot take over an architecture prior of nothing: expected --from, too");
  }
  if (keep !== undefined) {
    throw new RangeError("Cannot prune a supernet that has learnt nothing: expected --from, too");
  }
  const blank = Supernet.blank(method, spaceFor(task, options.sizes), { engine, seed });
  return {
    blank,
    origin: {},
    start(network) {
      initialiseNetwork(network, seed);
      return { alpha: blank.alpha, batchesTracked: 0 };
    },
  };
}

/** What is pretrained on what, and from where. */
interface Pretraining {
  readonly options: PretrainOptions;
  readonly task: Task;
  readonly start: Continued;
}

async function searchAll(
  session: Session,
  { options, task, start }: Pretraining,
  rounds: Rounds | undefined,
): Promise<SupernetOutcome> {
  const { data, search, budget: { timeLimit }, seed } = options;
  session.emit({
    type: "stage",
    stage: "search",
    text: `pretraining on ${data}: at most ${countOf(search.epochs, "epoch")}`,
  });
  return await runSupernetStage(session, {
    task,
    blank: start.blank,
    plan: searchPlan(search),
    planFor: (epochs) => searchPlan({ ...search, epochs }),
    time: timeLimit === undefined ? undefined : { limit: timeLimit, later: lastWork(FILES_SECONDS), isFirst: true },
    settings: bilevelSettings(task, search, options.weights),
    seed,
    trainPortion: search.trainPortion,
    validations: search.validations,
    table: search.table,
    start: start.start,
    hasSettled: (history) => hasStalled(history, search.patience),
    rounds,
  }, await session.load(task.fingerprint));
}

/** What the card says, but for the files. */
function describePretraining(
  { options, task, start }: Pretraining,
  history: readonly SearchRecord[],
  { build, epochs }: RunResult,
): Omit<Card, "format" | "files" | "space" | "method"> {
  const { trainLoss, validLoss, validAccuracy, datasets } = history.at(-1)!;
  const { parts } = task.train;
  const { search } = options;
  const curve = history.map(({ epoch, trainLoss, validLoss, validAccuracy }) => ({
    epoch,
    trainLoss,
    validLoss,
    validAccuracy,
  }));
  return {
    name: options.entry.name,
    sources: describeSources(task.datasets, parts),
    recipe: {
      command: "pretrain",
      seed: options.seed,
      build,
      epochs: search.epochs,
      patience: search.patience,
      learningRate: search.learningRate,
      trainPortion: search.trainPortion,
      images: options.images,
      ...start.origin,
      augmentation: parts.map(({ augment }) => augment),
      ...task.shares,
      rounds: options.rounds?.count === undefined ? undefined : options.rounds,
      ...options.loss,
      ...options.variation,
      ...bilevelSettings(task, search, options.weights),
    },
    metrics: { epochs, trainLoss, validLoss, validAccuracy, datasets, curve },
  };
}
