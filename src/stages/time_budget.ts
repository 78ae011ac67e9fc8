import { RunError } from "../run/mod.ts";

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

/** A stage as a time budget sees it. */
export interface TimedStage {
  /** Name. */
  readonly stage: string;
  /** Epochs planned, before any cut. */
  readonly epochs: number;
}

/** What must still come when a stage is over. */
export interface LaterWork {
  /** Epochs of the stage after it that are planned; 0 if there is none. At least one of them is to be done. */
  readonly epochs: number;
  /** Seconds that one of them takes. */
  readonly secondsPerEpoch: number;
  /** Seconds of what cannot be shortened: evaluation, files. */
  readonly end: number;
}

/** How far an epoch is. */
interface Position {
  /** Epochs done. */
  readonly epoch: number;
  /** Steps of the epoch that are done. */
  readonly step: number;
  /** Steps of an epoch. */
  readonly stepsPerEpoch: number;
}

/** Steps after which an epoch's length is estimated; the first one, which compiles and fills caches, is not counted. */
const STEPS_TO_ESTIMATE = 4;

/** An epoch ends with a validation, whose length its steps do not tell. */
const VALIDATION_SHARE = 0.15;

/** Share of a limit that a run may take more without being refused: estimates are no better. */
const TOLERANCE = 0.1;

/**
 * Divides the time that a run may take among the epochs of its stages: after each epoch of one, what is left is measured
 * against what an epoch took, and the stage and those after it are shortened in proportion if it does not suffice.
 *
 * The first epoch of a stage is always done, for it has the same learning rate however many follow it: so the shortened
 * stage goes through the very schedule that a stage of so many epochs has. If the machine becomes slower after that, a later
 * epoch is stopped within.
 */
export class StageTimer {
  readonly #limit: number;
  readonly #seconds: () => number;
  readonly #stage: TimedStage;
  readonly #later: LaterWork;
  readonly #startedAt: number;
  #epochStartedAt: number;
  #firstStepAt: number | undefined;
  #secondsPerEpoch: number | undefined;

  /**
   * @param limit Seconds that the run may take in all.
   * @param options Seconds that it has taken so far; the stage; what comes after it.
   */
  constructor(limit: number, options: { seconds: () => number; stage: TimedStage; later: LaterWork }) {
    this.#limit = limit;
    this.#seconds = options.seconds;
    this.#stage = options.stage;
    this.#later = options.later;
    this.#startedAt = this.#epochStartedAt = options.seconds();
  }

  /**
   * To be called after every step.
   *
   * @param position Where the stage is.
   * @returns Whether the stage must stop here, in the middle of an epoch.
   * @throws {TimeLimitError} In the first epoch, if not even that and the least of what comes after it fit into the limit.
   */
  isOver(position: Position): boolean {
    const now = this.#seconds();
    if (this.#firstStepAt === undefined) this.#firstStepAt = now;
    if (position.epoch === 0) {
      this.#checkFirstEpoch(position, now);
      return false;
    }
    return now > this.#limit - this.#leastAfter();
  }

  /**
   * To be called after every epoch.
   *
   * @param done Epochs done.
   * @param planned Epochs planned by now.
   * @returns Epochs that the stage is to have in all.
   */
  plan(done: number, planned: number): number {
    const now = this.#seconds();
    const last = now - this.#epochStartedAt;
    // The slower of the last two: a machine that is busy now may stay so.
    this.#secondsPerEpoch = Math.max(last, Math.min(this.#secondsPerEpoch ?? last, 2 * last));
    this.#epochStartedAt = now;
    return planEpochs({
      done,
      planned,
      wished: this.#stage.epochs,
      secondsDone: now - this.#startedAt,
      secondsLeft: this.#limit - now,
      secondsPerEpoch: this.#secondsPerEpoch,
      later: this.#later,
    });
  }

  /** Seconds that the least of what comes after the stage takes. */
  #leastAfter(): number {
    const { epochs, secondsPerEpoch, end } = this.#later;
    return end + Math.min(1, epochs) * secondsPerEpoch;
  }

  #checkFirstEpoch({ step, stepsPerEpoch }: Position, now: number): void {
    if (step !== Math.min(STEPS_TO_ESTIMATE, stepsPerEpoch)) return;
    const secondsPerStep = step > 1 ? (now - this.#firstStepAt!) / (step - 1) : now - this.#epochStartedAt;
    const epoch = secondsPerStep * stepsPerEpoch * (1 + VALIDATION_SHARE);
    const needed = this.#epochStartedAt + epoch + this.#leastAfter();
    if (needed <= this.#limit * (1 + TOLERANCE)) return;
    const { epochs, secondsPerEpoch } = this.#later;
    const after = epochs > 0 ? ` and one of what follows about ${round(secondsPerEpoch)} s` : "";
    throw new TimeLimitError(
      `Cannot finish within ${round(this.#limit)} s: an epoch of the ${this.#stage.stage} takes about ${
        round(epoch)
      } s${after}, ` +
        `expected a time limit of at least ${round(needed)} s`,
    );
  }
}

/**
 * Plans how many epochs a stage has, of those that were planned.
 *
 * @param options Epochs done, planned by now, and planned before any cut; seconds that those done took and that are left of the
 * limit; seconds that an epoch takes; what comes after the stage.
 * @returns At least those that are done, at most those planned: as many as fit, if the stage and the one after it give up the
 * same share of their time, and as leave time for one epoch of that.
 */
export function planEpochs(options: {
  done: number;
  planned: number;
  wished: number;
  secondsDone: number;
  secondsLeft: number;
  secondsPerEpoch: number;
  later: LaterWork;
}): number {
  const { done, planned, wished, secondsDone, secondsLeft, secondsPerEpoch, later } = options;
  const free = secondsLeft - later.end;
  const wanted = (planned - done) * secondsPerEpoch + later.epochs * later.secondsPerEpoch;
  if (wanted <= free) return planned;
  const inAll = wished * secondsPerEpoch + later.epochs * later.secondsPerEpoch;
  const share = (secondsDone + free) / inAll;
  const fitting = Math.floor((free - Math.min(1, later.epochs) * later.secondsPerEpoch) / secondsPerEpoch);
  return Math.max(done, Math.min(planned, Math.round(wished * share), done + Math.max(0, fitting)));
}

function round(seconds: number): number {
  return Math.ceil(seconds);
}
