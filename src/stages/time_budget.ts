import { AMOUNT, listOf, record, RunError, type Shape, TEXT, YES_OR_NO } from "../run/mod.ts";

/** A time limit within which not even the least can be done; the message says what would be enough. */
export class TimeLimitError extends RunError {}

/** What a time limit took away from a stage. Plain JSON data. */
export interface Cut {
  /** Stage. */
  readonly stage: string;
  /** Epochs that it was to have. */
  readonly planned: number;
  /** Epochs that it had; a fraction if it was stopped within one. */
  readonly epochs: number;
}

/** What a {@linkcode Cut} of a file must be. */
export const CUT_SHAPE: Shape = record({ stage: TEXT, planned: AMOUNT, epochs: AMOUNT });

/** What must still come when a stage is over. */
export interface LaterWork {
  /** Epochs of the stage after it that are planned; 0 if there is none. At least one of them is to be done. */
  readonly epochs: number;
  /** Seconds that one of them takes. */
  readonly secondsPerEpoch: number;
  /** Seconds of what cannot be shortened: evaluation, files. */
  readonly end: number;
}

/** Seconds that writing a run's files takes, and what else nobody thought of. */
export const FILES_SECONDS = 1;

/**
 * What a message calls a stage.
 *
 * @param stage Its name in files.
 * @returns The word, such as `training` for `train`.
 */
export function wordFor(stage: string): string {
  return stage === "train" ? "training" : stage;
}

/**
 * Nothing but the evaluation, or the files, of a run's last stage.
 *
 * @param end Seconds that it takes.
 * @returns The work, without epochs.
 */
export function lastWork(end: number): LaterWork {
  return { epochs: 0, secondsPerEpoch: 0, end };
}

/** The time of a stage. */
export interface StageTime {
  /** Seconds that the run may take in all. */
  readonly limit: number;
  /** What comes after the stage. */
  readonly later: LaterWork;
  /** Whether nothing of worth is lost if the limit turns out too short in the first steps. */
  readonly isFirst: boolean;
}

/** How far a stage is. */
export interface Position {
  /** Epochs done. */
  readonly epoch: number;
  /** Steps of the epoch under way that are done. */
  readonly step: number;
  /** Steps of an epoch. */
  readonly stepsPerEpoch: number;
}

/** Steps after which an epoch's length is estimated; the first one, which fills caches, is not counted. */
const STEPS_TO_ESTIMATE = 4;

/** An epoch ends with a validation, whose length its steps do not tell. */
const VALIDATION_SHARE = 0.15;

/** Share of a limit that a run may take more without being refused: estimates are no better. */
const TOLERANCE = 0.1;

/**
 * Divides the time that a run may take among the epochs of its stages: after each epoch of one, what is left is measured
 * against what an epoch took, and the stage and the one after it are shortened in proportion if it does not suffice.
 *
 * The first epoch of a stage is always done, for it has the same learning rate however many follow it: so the shortened
 * stage goes through the very schedule that a stage of so many epochs has. If the machine becomes slower after that, the plan
 * becomes shorter still, or an epoch is stopped within.
 */
export class StageTimer {
  readonly #stage: string;
  readonly #time: StageTime;
  readonly #now: () => number;
  #startedAt: number;
  #startedStep: number;
  #firstStepAt: number | undefined;
  #secondsPerEpoch: number | undefined;

  /**
   * @param stage Name of the stage, for messages.
   * @param time How long it may take, and what comes after it.
   * @param options Seconds that the run has taken so far; where the stage begins, or goes on.
   */
  constructor(stage: string, time: StageTime, { now, position }: { now: () => number; position: Position }) {
    this.#stage = stage;
    this.#time = time;
    this.#now = now;
    this.#startedAt = now();
    this.#startedStep = position.step;
  }

  /**
   * To be called after every step.
   *
   * @param position Where the stage is.
   * @returns Whether the stage must stop here, in the middle of an epoch.
   * @throws {TimeLimitError} In the first epoch of a first stage, if not even that and the least of what comes after it fit into the limit.
   */
  isOver(position: Position): boolean {
    const now = this.#now();
    this.#firstStepAt ??= now;
    if (position.epoch > 0) return now > this.#time.limit - this.#leastAfter();
    const isTime = position.step === Math.min(STEPS_TO_ESTIMATE, position.stepsPerEpoch);
    if (isTime && this.#time.isFirst) this.#checkFirstEpoch(position, now);
    return false;
  }

  /**
   * To be called after every epoch.
   *
   * @param done Epochs done.
   * @param options Epochs planned by now, and before any cut; steps of an epoch.
   * @returns Epochs that the stage is to have in all.
   */
  plan(done: number, options: { planned: number; wished: number; stepsPerEpoch: number }): number {
    const now = this.#now();
    const share = 1 - this.#startedStep / options.stepsPerEpoch;
    const last = share > 0 ? (now - this.#startedAt) / share : undefined;
    // The slower of the last two: a machine that is busy now may stay so. The first epoch may have had to warm up.
    if (last !== undefined) this.#secondsPerEpoch = Math.max(last, Math.min(this.#secondsPerEpoch ?? 0, 1.5 * last));
    [this.#startedAt, this.#startedStep] = [now, 0];
    if (this.#secondsPerEpoch === undefined) return options.planned;
    const { limit, later } = this.#time;
    return planEpochs({ ...options, done, secondsLeft: limit - now, secondsPerEpoch: this.#secondsPerEpoch, later });
  }

  /** Seconds that the least of what comes after the stage takes. */
  #leastAfter(): number {
    const { epochs, secondsPerEpoch, end } = this.#time.later;
    return end + Math.min(1, epochs) * secondsPerEpoch;
  }

  #checkFirstEpoch({ step, stepsPerEpoch }: Position, now: number): void {
    const { limit, later: { epochs, secondsPerEpoch } } = this.#time;
    const secondsPerStep = step > 1 ? (now - this.#firstStepAt!) / (step - 1) : now - this.#startedAt;
    const epoch = secondsPerStep * stepsPerEpoch * (1 + VALIDATION_SHARE);
    const needed = this.#startedAt + epoch + this.#leastAfter();
    if (needed <= limit * (1 + TOLERANCE)) return;
    const after = epochs > 0 ? ` and one of the training after it about ${Math.ceil(secondsPerEpoch)} s` : "";
    throw new TimeLimitError(
      `Cannot finish within ${Math.floor(limit)} s: an epoch of the ${wordFor(this.#stage)} takes about ${
        Math.ceil(epoch)
      } s${after}, ` +
        `expected a time limit of at least ${Math.ceil(needed)} s`,
    );
  }
}

/**
 * Tells what a time limit took away from a stage.
 *
 * @param stage Its name.
 * @param clock Its clock at its end.
 * @returns The cut; undefined if the stage went through all the epochs that were planned, or stopped early by itself.
 */
export function cutOf(
  stage: string,
  { epochs, epochsPlanned: planned, epochsDone }: { epochs: number; epochsPlanned: number; epochsDone: number },
): Cut | undefined {
  return epochs < planned ? { stage, planned, epochs: epochsDone } : undefined;
}

/** What a time limit did to a run. Plain JSON data. */
export interface TimeLimit {
  /** Seconds that the run was allowed. */
  readonly seconds: number;
  /** Whether it did less than was planned, so that the result depends on how fast the machine was. */
  readonly isCut: boolean;
  /** What was cut. */
  readonly cuts: readonly Cut[];
}

/** What a {@linkcode TimeLimit} of a file must be. */
export const TIME_LIMIT_SHAPE: Shape = record({ seconds: AMOUNT, isCut: YES_OR_NO, cuts: listOf(CUT_SHAPE) });

/**
 * Puts together what a time limit did to a run.
 *
 * @param seconds The limit, if there was one.
 * @param cuts What each stage lost.
 * @returns What results say of it; undefined without a limit.
 */
export function describeLimit(seconds: number | undefined, cuts: readonly (Cut | undefined)[]): TimeLimit | undefined {
  if (seconds === undefined) return undefined;
  const found = cuts.filter((cut) => cut !== undefined);
  return { seconds, isCut: found.length > 0, cuts: found };
}

/**
 * Plans how many epochs a stage has, of those that were planned.
 *
 * @param options Epochs done, planned by now, and planned before any cut; seconds that are left of the limit, and that an epoch
 * takes; what comes after the stage.
 * @returns At least those that are done, at most those planned: as many as fit, if the stage and the one after it give up the
 * same share of their time, and as leave time for one epoch of that.
 */
export function planEpochs(options: {
  done: number;
  planned: number;
  wished: number;
  secondsLeft: number;
  secondsPerEpoch: number;
  later: LaterWork;
}): number {
  const { done, planned, wished, secondsLeft, secondsPerEpoch, later } = options;
  const free = secondsLeft - later.end;
  const after = later.epochs * later.secondsPerEpoch;
  if ((planned - done) * secondsPerEpoch + after <= free) return planned;
  const share = (done * secondsPerEpoch + free) / (wished * secondsPerEpoch + after);
  const fitting = Math.floor((free - Math.min(1, later.epochs) * later.secondsPerEpoch) / secondsPerEpoch);
  return Math.max(done, Math.min(planned, Math.round(wished * share), done + Math.max(0, fitting)));
}
