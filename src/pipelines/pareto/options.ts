import { openRun, RunError, type Settings } from "../../run/mod.ts";
import type { Supernet } from "../../search/mod.ts";
import { learningOf, type Session } from "../../stages/mod.ts";
import type { Task } from "../../tasks/mod.ts";
import type { TrainOptions } from "../train.ts";
import { TRANSFER_DEFAULTS, type TransferOptions } from "../transfer.ts";
import type { BudgetRows } from "./rows.ts";

/** Which networks are derived from which supernet, and which of them are trained. */
export interface ParetoOptions {
  /** Dataset: name or folder; that of `from` where there is one. */
  readonly target: string;
  /** Folder of a transfer or search whose supernet it is; if left out, one is finetuned first. */
  readonly from?: string | undefined;
  /** Folders of finished runs whose networks are set beside; none if left out. */
  readonly also?: readonly string[] | undefined;
  /** What networks must not exceed; a row from the smallest to the strongest by parameters if left out. */
  readonly budgets: BudgetRows;
  /** Networks that are evaluated for each budget, of which the most accurate is taken. */
  readonly candidates: number;
  /** Points to train: `none`, `knee`, `all`, or their numbers from 1, by size. */
  readonly train: readonly string[];
  /**
   * How the supernet is finetuned (or was, where there is one), and how networks are trained. A limit of its own network's size
   * means nothing here.
   */
  readonly transfer: Omit<TransferOptions, "target" | "budget" | "seed" | "training"> & {
    readonly training: TrainOptions["training"];
  };
  /** The user's seed; that of `from` where there is one. */
  readonly seed: number;
}

const { budget: _, seed: __, training, ...TRANSFER } = TRANSFER_DEFAULTS;

/** Defaults of a row of networks. */
export const PARETO_DEFAULTS: Omit<ParetoOptions, "target"> = {
  budgets: {},
  candidates: 1,
  train: ["knee"],
  transfer: { ...TRANSFER, training: { ...training, inherit: "weights" } },
  seed: 0,
};

/** What the networks are cut out of. */
export interface ParetoGiven {
  /** The run and its engine. */
  readonly session: Session;
  /** What was asked for. */
  readonly options: ParetoOptions;
  /** The dataset. */
  readonly task: Task;
  /** Folder of its run. */
  readonly folder: string;
  /** It itself. */
  readonly supernet: Supernet;
}

/** Name of the folder, within that of this run, of a finetuning that is done first. */
export const FINETUNED = "transfer";

/**
 * What a run whose supernet is to be cut says of how that came about: the networks must be evaluated on the images on which it was.
 *
 * @param folder Folder of a transfer or a search.
 * @returns Dataset, seed, and the settings of the group `transfer`, as they stand in its configuration, unchecked.
 * @throws {RunError} If the folder holds no run, or one of something else.
 */
export async function settingsOfSource(folder: string): Promise<Settings> {
  const { command, configuration } = await openRun(folder);
  if (command !== "transfer" && command !== "search") {
    throw new RunError(`Cannot derive from ${folder}: it is a run of ${command}, expected a transfer or a search`);
  }
  const { data, target = data, seed, images, search, training = {}, source, sizes } = configuration;
  // Networks of other sizes than the entry's own have nothing to take from its network.
  const { inherit } = training as { inherit?: unknown };
  const own = inherit === "network" ? { ...training as object, inherit: "weights" } : training;
  return { target, seed, transfer: { images, search, training: own, ...learningOf(configuration), source, sizes } };
}
