import type { Engine } from "../engine/mod.ts";
import { initialiseNetwork } from "../network/mod.ts";
import { createMethod, spaceForMethod } from "../search/mod.ts";
import { type JointTask, openJointTask, openTask, type Sampling, type Task } from "../tasks/mod.ts";
import {
  type Card,
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
  hasStalled,
  makeResult,
  openContinued,
  type RunResult,
  runSupernetStage,
  searchPlan,
  type Session,
  spaceFor,
} from "../stages/mod.ts";
import { SEARCH_DEFAULTS, type SearchOptions, writeSupernet } from "./search.ts";

/** What a supernet is pretrained on and how; `data` may name several datasets, with commas between. */
export interface PretrainOptions extends SearchOptions {
  /** Name of the entry. */
  readonly name: string;
  /** Folder of the zoo; that of the project if left out. */
  readonly zoo?: string;
  /** How an epoch is shared among several datasets; `balanced` if left out. */
  readonly sampling?: Sampling;
  /** Images an epoch from which weights learn; as many as there are for them if left out. */
  readonly imagesPerEpoch?: number;
  /** Supernet to begin with: a zoo entry (name or folder) or the folder of a run; its sizes count. */
  readonly from?: string;
  /** Candidate operations that each edge keeps of it, the strongest by its alpha; all if left out. */
  readonly keep?: number;
  /** Most validation images of a dataset; {@linkcode VALIDATION_IMAGES} of each of several, all of a single one if left out. */
  readonly validationImages?: number;
}

/** Validation images of each of several datasets: two decimals of a share are as many as an epoch can tell. */
export const VALIDATION_IMAGES = 1000;

/** Defaults of a pretraining: long enough to become flat, and it stops there. */
export const PRETRAIN_DEFAULTS: Omit<PretrainOptions, "data" | "name"> = {
  ...SEARCH_DEFAULTS,
  epochs: 30,
  patience: 6,
};

/**
 * Pretrains a supernet on one dataset, or on several with one head each, and adds it to a zoo.
 *
 * @param session Where.
 * @param options What and how.
 * @returns The result with the card of the entry; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function pretrain(session: Session, options: PretrainOptions): Promise<RunResult & { card: Card }> {
  const finished = await session.run.result();
  if (finished !== undefined) return finished as RunResult & { card: Card };
  const { seed, epochs, patience, data, name, zoo } = options;
  checkEntryName(name);
  const { task, sources, recipe, signatures } = await openSources(session.engine, options);
  const { dataset } = task;
  const { space, origin, start } = await openStart(session.engine, options, { dataset, sources });
  const method = createMethod(options.method, space);
  const settings = bilevelSettings(dataset, options);
  session.emit({ type: "stage", stage: "search", text: `pretraining on ${data}: at most ${epochs} epochs` });
  const outcome = await runSupernetStage(session, {
    task,
    space,
    method,
    plan: searchPlan(epochs, options),
    settings,
    seed,
    weightShare: options.weightShare,
    validations: options.validations,
    start,
    hasSettled: (history) => hasStalled(history, patience),
  }, await session.load(dataset.fingerprint));
  await writeSupernet(session, outcome, { method });
  const last = outcome.history.at(-1)!;
  const common = makeResult(session, {
    data,
    seed,
    space: outcome.space,
    genotype: outcome.genotype,
    history: outcome.history,
  });
  const card = await writeZooEntry({
    card: {
      name,
      space: outcome.space,
      method: method.name,
      sources,
      recipe: {
        command: "pretrain",
        seed,
        build: common.build,
        epochs,
        patience,
        learningRate: options.learningRate,
        weightShare: options.weightShare,
        ...origin,
        ...recipe,
        ...settings,
      },
      metrics: {
        epochs: common.epochs,
        trainLoss: last.trainLoss,
        validLoss: last.validLoss,
        validAccuracy: last.validAccuracy,
        ...(last.datasets && { datasets: last.datasets }),
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
  }, zoo);
  const result = { ...common, validAccuracy: last.validAccuracy, space: outcome.space, method: method.name, card };
  await session.run.writeResult(result);
  return result;
}

/** The space of the supernet, and what fills it: random weights, or those with which it is to begin. */
async function openStart(
  engine: Engine,
  options: PretrainOptions,
  { dataset, sources }: { dataset: JointTask["dataset"] | Task["dataset"]; sources: readonly CardSource[] },
): Promise<Continued> {
  const { seed, from, keep, zoo } = options;
  if (from === undefined) {
    if (keep !== undefined) {
      throw new RangeError("Cannot prune a supernet that has learnt nothing: expected --from, too");
    }
    const space = spaceForMethod(options.method, spaceFor(dataset, options));
    return {
      space,
      origin: {},
      start(network) {
        initialiseNetwork(network, seed);
        return { alpha: createMethod(options.method, space).initialAlpha(engine, seed), batchesTracked: 0 };
      },
    };
  }
  const { classes, height, width, channels } = dataset;
  return await openContinued(from, {
    shape: { classes: classes.length, height, width, channels },
    datasets: sources.map(({ fingerprint }) => fingerprint),
    method: options.method,
    seed,
    ...(keep !== undefined && { keep }),
    ...(zoo !== undefined && { zoo }),
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
  const { data, seed, sampling = "balanced", imagesPerEpoch, validationImages } = options;
  const names = data.split(",");
  if (names.length > 1 || imagesPerEpoch !== undefined || validationImages !== undefined) {
    const most = validationImages ?? (names.length > 1 ? VALIDATION_IMAGES : undefined);
    const shares = {
      sampling,
      ...(most !== undefined && { validationImages: most }),
      ...(imagesPerEpoch !== undefined && { imagesPerEpoch }),
    };
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
