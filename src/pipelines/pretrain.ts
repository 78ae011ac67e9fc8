import type { Engine } from "../engine/mod.ts";
import { initialiseNetwork } from "../network/mod.ts";
import { createMethod } from "../search/mod.ts";
import { type JointTask, openJointTask, openTask, type Task } from "../tasks/mod.ts";
import {
  type CardSource,
  checkEntryName,
  type DatasetSignature,
  describeSources,
  signSources,
  writeZooEntry,
} from "../zoo/mod.ts";
import {
  bilevelSettings,
  type Continued,
  DEFAULT_SEARCH,
  DEFAULT_SHARING,
  DEFAULT_SIZES,
  type EntryGroup,
  type EntryResult,
  hasStalled,
  isEntryResult,
  makeResult,
  openContinued,
  runSupernetStage,
  type SearchGroup,
  searchPlan,
  type Session,
  type SharingGroup,
  type SizeGroup,
  spaceFor,
} from "../stages/mod.ts";
import { writeSupernet } from "./search.ts";

/** What a supernet is pretrained on and how. */
export interface PretrainOptions {
  /** Dataset, or several with commas between: names or folders. */
  readonly data: string;
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
  };
  /** The user's seed. */
  readonly seed: number;
}

/** Validation images of each of several datasets: two decimals of a share are as many as an epoch can tell. */
export const VALIDATION_IMAGES = 1000;

/** Defaults of a pretraining: long enough to become flat, and it stops there. */
export const PRETRAIN_DEFAULTS: Omit<PretrainOptions, "data" | "entry"> = {
  sizes: DEFAULT_SIZES,
  search: { ...withoutHead(DEFAULT_SEARCH), epochs: 30, patience: 6 },
  sharing: DEFAULT_SHARING,
  start: {},
  seed: 0,
};

function withoutHead({ head: _, ...others }: SearchGroup): PretrainOptions["search"] {
  return others;
}

/**
 * Pretrains a supernet on one dataset, or on several with one head each, and adds it to a zoo.
 *
 * @param session Where.
 * @param options What and how.
 * @returns The result with the card of the entry; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function pretrain(session: Session, options: PretrainOptions): Promise<EntryResult> {
  const finished = await session.finishedResult(isEntryResult);
  if (finished !== undefined) return finished;
  const { seed, data, entry } = options;
  const { epochs, patience, learningRate, trainPortion, validations } = options.search;
  checkEntryName(entry.name);
  const { task, sources, recipe, signatures } = await openSources(session.engine, options);
  const { dataset } = task;
  const { space, origin, start } = await openStart(session.engine, options, { dataset, sources });
  const method = createMethod(options.search.method, space);
  const settings = bilevelSettings(dataset, options.search);
  session.emit({ type: "stage", stage: "search", text: `pretraining on ${data}: at most ${epochs} epochs` });
  const outcome = await runSupernetStage(session, {
    task,
    space,
    method,
    plan: searchPlan(options.search),
    settings,
    seed,
    trainPortion,
    validations,
    start,
    hasSettled: (history) => hasStalled(history, patience),
  }, await session.load(dataset.fingerprint));
  await writeSupernet(session, outcome, { space, method });
  const last = outcome.history.at(-1)!;
  const common = makeResult(session, { data, seed, space, genotype: outcome.genotype, history: outcome.history });
  const card = await writeZooEntry({
    card: {
      name: entry.name,
      space,
      method: method.name,
      sources,
      recipe: {
        command: "pretrain",
        seed,
        build: common.build,
        epochs,
        patience,
        learningRate,
        trainPortion,
        ...origin,
        ...recipe,
        ...settings,
      },
      metrics: {
        epochs: common.epochs,
        trainLoss: last.trainLoss,
        validLoss: last.validLoss,
        validAccuracy: last.validAccuracy,
        datasets: last.datasets,
        curve: outcome.history.map(({ epoch, trainLoss, validLoss, validAccuracy }) => ({
          epoch,
          trainLoss,
          validLoss,
          validAccuracy,
        })),
      },
    },
    state: outcome.state,
    alpha: outcome.alpha,
    signatures,
  }, entry.zoo);
  const result = { ...common, validAccuracy: last.validAccuracy, space, method: method.name, card };
  await session.run.writeResult(result);
  return result;
}

/** The space of the supernet, and what fills it: random weights, or those with which it is to begin. */
async function openStart(
  engine: Engine,
  options: PretrainOptions,
  { dataset, sources }: { dataset: JointTask["dataset"] | Task["dataset"]; sources: readonly CardSource[] },
): Promise<Continued> {
  const { seed, search: { method }, start: { from, keep }, entry: { zoo } } = options;
  if (from === undefined) {
    if (keep !== undefined) {
      throw new RangeError("Cannot prune a supernet that has learnt nothing: expected --from, too");
    }
    const space = spaceFor(dataset, options.sizes);
    return {
      space,
      origin: {},
      start(network) {
        initialiseNetwork(network, seed);
        return { alpha: createMethod(method, space).initialAlpha(engine, seed), batchesTracked: 0 };
      },
    };
  }
  const { classes, height, width, channels } = dataset;
  return await openContinued(from, {
    shape: { classes: classes.length, height, width, channels },
    datasets: sources.map(({ fingerprint }) => fingerprint),
    method,
    seed,
    keep,
    zoo,
  });
}

/** What is pretrained on, and what the card says of it. */
interface Sources {
  readonly task: Task | JointTask;
  readonly sources: readonly CardSource[];
  readonly recipe: Readonly<Record<string, unknown>>;
  readonly signatures: readonly DatasetSignature[];
}

async function openSources(engine: Engine, options: PretrainOptions): Promise<Sources> {
  const { data, seed, sharing: { sampling, imagesPerEpoch, validationImages } } = options;
  const names = data.split(",");
  if (names.length > 1 || imagesPerEpoch !== undefined || validationImages !== undefined) {
    const most = validationImages ?? (names.length > 1 ? VALIDATION_IMAGES : undefined);
    const shares = { sampling, validationImages: most, imagesPerEpoch };
    const task = await openJointTask(engine, names, shares);
    const { datasets, statistics, augmentations } = task;
    return {
      task,
      sources: describeSources(datasets, statistics),
      signatures: signSources(engine, datasets, seed),
      recipe: { augmentation: augmentations, ...shares },
    };
  }
  const task = await openTask(engine, data);
  const { dataset, train } = task;
  return {
    task,
    sources: describeSources([dataset], [train]),
    recipe: { augmentation: dataset.augmentation },
    signatures: signSources(engine, [dataset], seed),
  };
}
