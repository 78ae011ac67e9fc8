import type { Network } from "../engine/mod.ts";
import type { EpochPlan } from "../network/mod.ts";
import {
  BilevelSearch,
  type BilevelSettings,
  createMethod,
  type EpochReport,
  type FittedHead,
  type HeadData,
  methodRow,
  type SearchProgress,
  Supernet,
} from "../search/mod.ts";
import { buildSupernet, checkSpace, type Genotype, type PublishedTable, type Space } from "../spaces/mod.ts";
import { headsOf, splitTask } from "../batches/mod.ts";
import type { Task } from "../tasks/mod.ts";
import { figuresOf } from "./epochs.ts";
import type { Checkpoint, Session } from "./session.ts";
import { tableFor } from "./published_table.ts";
import { type Replace, runStage, savedLearner } from "./stage.ts";
import type { Cut, StageTime } from "./time_budget.ts";
import type { EpochRecord, RoundRecord } from "./types.ts";

/** An epoch of a search, with the architecture that would have been derived at its end. */
export interface SearchRecord extends EpochRecord {
  /** The architecture. */
  readonly genotype: Genotype;
  /** Mean loss on the images from which alpha learns. */
  readonly validLoss: number;
  /** Share of them classified rightly. */
  readonly validAccuracy: number;
}

/** The images from which weights learn, and to which a head can be fitted. */
export type WeightImages = Omit<HeadData, "seed">;

/** A supernet with the alpha to start with. */
export interface StartedSupernet {
  /** Architecture parameters. */
  readonly alpha: Float32Array;
  /** Training-mode passes that the running statistics have seen. */
  readonly batchesTracked: number;
  /** How well its head does, if it was fitted to the images. */
  readonly head?: FittedHead | undefined;
}

/** What takes the epochs of a search in place of this process's own steps. */
export interface EpochTaker {
  /** Takes the steps of the epoch under way, with the clock at their end. */
  takeEpoch(search: BilevelSearch, network: Network): Promise<number>;
  /** Who took part in an epoch, from 0, that was taken. */
  recordOf(epoch: number): RoundRecord | undefined;
}

/** What a supernet is optimised for and how. */
export interface SupernetStageOptions {
  /** Images. */
  readonly task: Task;
  /** The supernet as a search from scratch would start it. */
  readonly blank: Supernet;
  /** Most parameters of the derived network; no limit if left out. */
  readonly maxParameters?: number | undefined;
  /** One entry an epoch. */
  readonly plan: readonly EpochPlan[];
  /** The plan of fewer epochs, for a search that a time limit shortens. */
  readonly planFor?: ((epochs: number) => readonly EpochPlan[]) | undefined;
  /** How long the run may take, and what comes after the search; no limit if left out. */
  readonly time?: StageTime | undefined;
  /** How weights and alpha learn. */
  readonly settings: BilevelSettings;
  /** Share of the training images from which the weights learn. */
  readonly trainPortion: number;
  /** Validations of the first epoch, see {@linkcode DriveOptions}. */
  readonly validations: number;
  /** File of published accuracies of the space; none if left out. */
  readonly table?: string | undefined;
  /** The user's seed. */
  readonly seed: number;
  /** Fills the network and gives the alpha to start with; and how well the head does, if it was fitted to the images. */
  readonly start: (network: Network, images: WeightImages) => StartedSupernet;
  /** Whether the epochs left can be spared. */
  readonly hasSettled?: (history: readonly SearchRecord[]) => boolean;
  /** What takes the epochs, where this process does not. */
  readonly rounds?: EpochTaker | undefined;
}

/** A searched supernet. */
export interface SupernetOutcome {
  /** The supernet, whose space is smaller than at the beginning if the method has shrunk it. */
  readonly supernet: Supernet;
  /** Architecture derived from it. */
  readonly genotype: Genotype;
  /** What the fitted head could do before the first epoch; undefined for a random one. */
  readonly start: EpochRecord | undefined;
  /** All epochs. */
  readonly history: readonly SearchRecord[];
  /** What a time limit took away, if it did. */
  readonly cut: Cut | undefined;
}

/**
 * Optimises a supernet's weights and architecture together, from wherever the checkpoint left off.
 *
 * @param session The run and its engine.
 * @param options The images, the supernet, and how it learns.
 * @param checkpoint Checkpoint of this stage, if there is one.
 * @returns The supernet.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {RangeError} If sizes do not fit each other, or a loss is no longer finite.
 */
export async function runSupernetStage(
  session: Session,
  options: SupernetStageOptions,
  checkpoint?: Checkpoint,
): Promise<SupernetOutcome> {
  const { engine } = session;
  const { task, blank, settings: { batch }, validations, seed, hasSettled, time, rounds } = options;
  const { name, trainPortion = options.trainPortion, decidesLate = false } = methodRow(blank.method.name);
  const table = options.table === undefined ? undefined : await tableFor(options.table, blank.space);
  const split = splitTask(engine, task, { seed, trainPortion });
  // The method may have shrunk the space before the checkpoint.
  const { space, method } = checkpoint
    ? blank.within(checkSpace((savedLearner(checkpoint) as SearchProgress).space))
    : blank;
  const programOf = (space: Space) => buildSupernet(space, headsOf(task.train));
  const learn = (network: Network, replace: Replace, { alpha, batchesTracked }: StartedSupernet) => {
    const rebuild = (space: Space) => ({ network: replace(programOf(space)), method: createMethod(name, space) });
    const images = { data: task.train, split, augment: {}, objective: task.objective };
    return new BilevelSearch({ ...options, engine, network, space, method, rebuild, alpha, ...images }, batchesTracked);
  };
  const { state, learner: search, start, history, cut } = await runStage(session, {
    name: "search",
    program: programOf(space),
    batch,
    fingerprint: task.fingerprint,
    earlier: null,
    validations,
    begin: (network, replace) => {
      const started = options.start(network, { data: task.train, indices: split.weights.at(0), batch });
      return { learner: learn(network, replace, started), head: started.head };
    },
    reopen: (network, replace) => learn(network, replace, { alpha: blank.alpha, batchesTracked: 0 }),
    describe: (report, seconds) =>
      describe(report, { task, table, seconds, round: rounds?.recordOf(Math.ceil(report.epochs) - 1) }),
    hasSettled: decidesLate ? undefined : hasSettled,
    time,
    takeEpoch: rounds && ((search, network) => rounds.takeEpoch(search, network)),
  }, checkpoint);
  const { alpha, space: found } = search;
  const supernet = Supernet.of(name, { space: found, alpha, state, remembered: search.method.state() });
  return { supernet, genotype: search.genotype(), start, history, cut };
}

function describe(
  report: EpochReport,
  { task, table, seconds, round }: {
    task: Task;
    table: PublishedTable | undefined;
    seconds: number;
    round: RoundRecord | undefined;
  },
): SearchRecord {
  const { epochs: epoch, parts, genotype } = report;
  const nasbench201 = table?.find(genotype);
  const record = { epoch, seconds, ...figuresOf(report), genotype, nasbench201, round };
  if (task.shares === undefined) return record;
  const datasets = task.datasets.map(({ name }, i) => ({ name, ...figuresOf(parts[i]!) }));
  return { ...record, datasets };
}
