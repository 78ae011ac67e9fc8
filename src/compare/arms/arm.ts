import type { RunResult, Session } from "../../stages/mod.ts";
import type { Card, EntryBody } from "../../zoo/mod.ts";
import type { CompareOptions } from "../options.ts";

/** A way to a network: a row of the table of arms. */
export interface ArmRow {
  /** Name, also that of its folder; `from-NAME` stands for as many arms as entries are asked for. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** What its runs start from. Arms that start from a supernet run first: those that start from nothing take the sizes of the one chosen. */
  readonly startsFrom: "supernet" | "network" | "nothing";
  /** Source of its runs, as a transfer takes it; `multi` for the entry pretrained on several datasets. */
  readonly source?: string | undefined;
  /** Whether it is run only if `--sources` holds its source. */
  readonly isBySource?: boolean | undefined;
  /** Whether it is run only if `--arms` names it. */
  readonly isOptional?: boolean | undefined;
  /**
   * Says why it cannot be run.
   *
   * @param cards Entries of the zoo.
   * @param source Its source; undefined if it has none, or none was found.
   * @returns The reason; undefined if it can be run.
   */
  readonly whyNot: (cards: readonly Card[], source: string | undefined) => string | undefined;
  /**
   * Plans a run with the budget of all arms: as many epochs of which the supernet (or, without one, the network) sees held-out
   * images, and as many epochs of training on all images after that.
   *
   * @param place What the run is for.
   * @param options Those of the comparison.
   * @returns What to run.
   */
  readonly plan: (place: RunPlace, options: CompareOptions) => PlannedRun;
}

/** What a run is for. */
export interface RunPlace {
  /** Dataset. */
  readonly target: string;
  /** The user's seed. */
  readonly seed: number;
  /** Source of the arm; empty if it has none. */
  readonly source: string;
  /** Entry whose sizes an arm without a source takes; only these ask for it. */
  readonly body: () => EntryBody;
}

/** A run of an arm, before it is run. */
export interface PlannedRun {
  /** Command of the run. */
  readonly command: string;
  /** Its options. */
  readonly options: object;
  /** Epochs of its curve; 0 for a curve without held-out images. */
  readonly budgetEpochs: number;
  /** Does it. */
  readonly work: (session: Session) => Promise<RunResult>;
}

/**
 * Plans a run of a pipeline.
 *
 * @param command Its command.
 * @param pipeline The pipeline.
 * @param options Its options.
 * @param budgetEpochs Epochs of its curve; 0 for a curve without held-out images.
 * @returns What to run.
 */
export function planOf<Options extends object>(
  command: string,
  pipeline: (session: Session, options: Options) => Promise<RunResult>,
  options: Options,
  budgetEpochs: number,
): PlannedRun {
  return { command, options, budgetEpochs, work: (session) => pipeline(session, options) };
}
