import type { StepResult } from "../engine/mod.ts";
import { type Evaluation, Tally, type TallyState } from "./evaluation.ts";

/** Where an optimisation stands. Plain JSON data. */
export interface EpochState {
  /** Epoch to go on with. */
  readonly epoch: number;
  /** Step to go on with; equal to the steps of an epoch when only the epoch's end is left to do. */
  readonly step: number;
  /** Training-mode passes that the running statistics have seen. */
  readonly batchesTracked: number;
  /** Sums of the epoch so far. */
  readonly tally: TallyState;
}

/** Length of an optimisation. */
export interface EpochClockOptions {
  /** What is optimised, as errors call it. */
  readonly purpose: "search" | "training";
  /** Number of epochs. */
  readonly epochs: number;
  /** Steps of an epoch. */
  readonly stepsPerEpoch: number;
  /** Training-mode passes that the running statistics have seen before. */
  readonly batchesTracked: number;
}

/** Counts steps and epochs, what their batches gave, and the passes that running statistics saw. */
export class EpochClock {
  readonly #options: EpochClockOptions;
  #epochs: number;
  #epoch = 0;
  #step = 0;
  #batchesTracked: number;
  #tally = new Tally();

  /** @param options How long it runs. */
  constructor(options: EpochClockOptions) {
    this.#options = options;
    this.#epochs = options.epochs;
    this.#batchesTracked = options.batchesTracked;
  }

  /** Epoch under way, from 0; the number of epochs when all are done. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Steps of the epoch that are done. */
  get step(): number {
    return this.#step;
  }

  /** Number of epochs. */
  get epochs(): number {
    return this.#epochs;
  }

  /** Number of epochs before it was shortened. */
  get epochsPlanned(): number {
    return this.#options.epochs;
  }

  /** Steps of an epoch. */
  get stepsPerEpoch(): number {
    return this.#options.stepsPerEpoch;
  }

  /** Steps that are done, those of earlier epochs included. */
  get stepsDone(): number {
    return this.#epoch * this.stepsPerEpoch + this.#step;
  }

  /** Epochs that are done; within one a fraction. */
  get epochsDone(): number {
    return this.#epoch + this.#step / this.stepsPerEpoch;
  }

  /** Whether the steps of the epoch are done, so that its end is next. */
  get isEpochOver(): boolean {
    return this.#step >= this.stepsPerEpoch;
  }

  /** Whether all epochs are done. */
  get isDone(): boolean {
    return this.#epoch >= this.epochs;
  }

  /** Training-mode passes that the running statistics have seen. */
  get batchesTracked(): number {
    return this.#batchesTracked;
  }

  /** Mean loss and accuracy of the epoch's batches so far, while the weights changed. */
  get train(): Evaluation {
    return this.#tally.evaluation();
  }

  /**
   * Checks that a step is next.
   *
   * @throws {RangeError} If the epoch is over or all are done.
   */
  checkStep(): void {
    if (!this.isDone && !this.isEpochOver) return;
    throw new RangeError(`Cannot take step ${this.#step}: epoch ${this.#epoch} has ${this.stepsPerEpoch} steps`);
  }

  /**
   * Checks a loss.
   *
   * @param loss Loss of a batch.
   * @throws {RangeError} If it is no longer finite.
   */
  checkLoss(loss: number): void {
    if (Number.isFinite(loss)) return;
    throw new RangeError(
      `Cannot go on with ${this.#options.purpose}: loss is ${loss} in epoch ${this.#epoch}, step ${this.#step}, ` +
        "expected a finite number: lower the learning rate",
    );
  }

  /**
   * Leaves out epochs at the end.
   *
   * @param epochs How many there are to be.
   * @throws {RangeError} If more are done by now, or fewer were planned.
   */
  shorten(epochs: number): void {
    if (!Number.isInteger(epochs) || epochs < this.epochsDone || epochs > this.epochs) {
      throw new RangeError(
        `Cannot shorten ${this.#options.purpose} to ${epochs} epochs: expected ${this.epochsDone} to ${this.epochs}`,
      );
    }
    this.#epochs = epochs;
  }

  /** Counts training-mode passes that the running statistics saw. */
  countPasses(count: number): void {
    this.#batchesTracked += count;
  }

  /** Counts a step, and adds what its batch gave. */
  countStep(result: StepResult): void {
    this.#tally.add(result);
    this.#step++;
  }

  /**
   * Ends an epoch and goes on to the next.
   *
   * @param tell Tells of the epoch that ends.
   * @returns What it told.
   * @throws {RangeError} If steps of the epoch are left.
   */
  finishEpoch<Report>(tell: () => Report): Report {
    if (this.isDone || !this.isEpochOver) {
      throw new RangeError(
        `Cannot finish epoch ${this.#epoch}: ${this.#step} steps are done, expected ${this.stepsPerEpoch}`,
      );
    }
    const report = tell();
    this.#tally = new Tally();
    this.#epoch++;
    this.#step = 0;
    return report;
  }

  /** Where it stands. */
  state(): EpochState {
    return {
      epoch: this.#epoch,
      step: this.#step,
      batchesTracked: this.#batchesTracked,
      tally: this.#tally.state(),
    };
  }

  /**
   * Goes to where another one stood.
   *
   * @param state What its `state` gave.
   * @throws {RangeError} If that lies behind the end of this one.
   */
  restore({ epoch, step, batchesTracked, tally }: EpochState): void {
    if (epoch > this.epochs || step > this.stepsPerEpoch) {
      throw new RangeError(
        `Cannot resume ${this.#options.purpose}: it stopped in epoch ${epoch}, step ${step}, expected at most ` +
          `${this.epochs} and ${this.stepsPerEpoch}`,
      );
    }
    [this.#epoch, this.#step, this.#batchesTracked] = [epoch, step, batchesTracked];
    this.#tally = new Tally(tally);
  }
}
