import type { EpochRecord, Session } from "../../stages/mod.ts";
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
   * @param options Those of the comparison.
   * @returns The reason; undefined if it can be run.
   */
  readonly whyNot: (cards: readonly Card[], source: string | undefined, options: CompareOptions) => string | undefined;
  /**
   * Plans a run with the budget of all arms: as many epochs of which the supernet (or, without one, the network) sees held-out
   * images, and as many epochs of training on all images after that.
   *
   * @param place What the run is for.
   * @param options Those of the comparison.
   * @returns What to run.
   */
  readonly plan: (place: RunPlace, options: CompareOptions) => PlannedRun | Promise<PlannedRun>;
}

/** What a run is for. */
export interface RunPlace {
  /** Dataset. */
  readonly target: string;
  /** The user's seed. */
  readonly seed: number;
  /** Source of the arm; empty if it has none. */
  readonly source: string;
  /** Entry whose sizes an arm without a source takes, once it is known; only these ask for it. */
  readonly body: () => Promise<EntryBody>;
  /**
   * Seconds that the longest search on the target with the seed has taken, once all runs before this one are finished, for an arm
   * that is to have as much time.
   *
   * @throws {RunError} If there was none.
   */
  readonly searchSeconds: () => Promise<number>;
}

/** What a comparison reads of the result of a run: those of runs that make a network have it all, and more. */
export interface ArmResult {
  /** Command. */
  readonly command: string;
  /** Accuracy on the test images, 0 to 1. */
  readonly testAccuracy?: number | undefined;
  /** Trainable numbers of the final network. */
  readonly parameters: number;
  /** Its multiply-adds for one image; null if they are not known. */
  readonly macs: number | null;
  /** Epochs of all stages. */
  readonly epochs: number;
  /** Seconds worked. */
  readonly seconds: number;
  /** What a head fitted before the first epoch could do, if one was. */
  readonly start?: EpochRecord | undefined;
  /** Epochs of the search. */
  readonly curve: readonly EpochRecord[];
  /** What else the command has to say, such as the source. */
  readonly [further: string]: unknown;
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
  readonly work: (session: Session) => Promise<ArmResult>;
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
  pipeline: (session: Session, options: Options) => Promise<ArmResult>,
  options: Options,
  budgetEpochs: number,
): PlannedRun {
  return { command, options, budgetEpochs, work: (session) => pipeline(session, options) };
}
