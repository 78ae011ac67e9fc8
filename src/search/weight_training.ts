import type { Engine, Network } from "../engine/mod.ts";
import { cosineLearningRate, deriveSeed, dropPathProbability, namesOfBody } from "../network/mod.ts";
import { BatchOrder, batchSource, type ImageSampler, type LabelledImages, type Variation } from "../tasks/mod.ts";
import { type Evaluation, Tally, type TallyState } from "./evaluation.ts";

/** How the weights of a final network learn. Plain data. */
export interface TrainingSettings {
  /** Number of epochs. */
  readonly epochs: number;
  /** Images a batch. */
  readonly batch: number;
  /** Learning rate of the first epoch. */
  readonly firstLearningRate: number;
  /** Learning rate towards which the cosine falls. */
  readonly lastLearningRate: number;
  /** Momentum. */
  readonly momentum: number;
  /** L2 decay. */
  readonly weightDecay: number;
  /** Largest norm of the gradient. */
  readonly clip: number;
  /** Share of paths dropped at the end; it grows from 0. */
  readonly dropPath: number;
}

/** Settings of DARTS' evaluation on CIFAR-10. Source: `train.py` of the DARTS code base. */
export const DARTS_TRAINING: TrainingSettings = {
  epochs: 600,
  batch: 96,
  firstLearningRate: 0.025,
  lastLearningRate: 0,
  momentum: 0.9,
  weightDecay: 3e-4,
  clip: 5,
  dropPath: 0.2,
};

/** What a training works on. */
export interface TrainingOptions {
  /** Draws permutations. */
  readonly engine: Pick<Engine, "permutation">;
  /** The network, with its initial or inherited weights. */
  readonly network: Pick<Network, "backward" | "sgdStep" | "freeze" | "parameters">;
  /** Images and labels. */
  readonly data: LabelledImages;
  /** Images to learn from: all of them every epoch, or what is drawn. */
  readonly indices: Uint32Array | ImageSampler;
  /** Augmentation. */
  readonly augment?: Variation;
  /** Which weights learn; all if left out. The head's alone are found without a backward pass through the body. */
  readonly learns?: "all" | "head";
  /** How it learns. */
  readonly settings: TrainingSettings;
  /** The user's seed. */
  readonly seed: number;
}

/** All that a training is beyond the network's weights, momentum and running statistics. Plain JSON data. */
export interface TrainingState {
  /** Epoch to go on with. */
  readonly epoch: number;
  /** Step to go on with; equal to the steps of an epoch when only the epoch's end is left to do. */
  readonly step: number;
  /** Training-mode passes that the running statistics have seen. */
  readonly batchesTracked: number;
  /** Sums of the epoch so far. */
  readonly tally: TallyState;
}

/** Training of a final network, one step at a time; goes on bit for bit from any step. */
export class WeightTraining {
  readonly #options: TrainingOptions;
  readonly #order: BatchOrder;
  readonly #augmentSeed: number;
  #epoch = 0;
  #step = 0;
  #batchesTracked: number;
  #tally = new Tally();

  /**
   * @param options What the training works on.
   * @param batchesTracked Training-mode passes that the network's running statistics have seen before.
   * @throws {RangeError} If there are too few images.
   */
  constructor(options: TrainingOptions, batchesTracked = 0) {
    const { engine, network, indices, settings, learns = "all", seed } = options;
    this.#options = options;
    network.freeze(learns === "head" ? namesOfBody(network) : []);
    this.#order = new BatchOrder(engine, indices, {
      batch: settings.batch,
      seed: deriveSeed(seed, "training batches"),
    });
    this.#augmentSeed = deriveSeed(seed, "training augmentation");
    this.#batchesTracked = batchesTracked;
  }

  /** Epoch under way, from 0; the number of epochs when all are done. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Steps of the epoch that are done. */
  get step(): number {
    return this.#step;
  }

  /** Steps of an epoch. */
  get stepsPerEpoch(): number {
    return this.#order.batches;
  }

  /** Whether the steps of the epoch are done, so that `finishEpoch` is next. */
  get isEpochOver(): boolean {
    return this.#step >= this.stepsPerEpoch;
  }

  /** Whether all epochs are done. */
  get isDone(): boolean {
    return this.#epoch >= this.#options.settings.epochs;
  }

  /** Training-mode passes that the network's running statistics have seen. */
  get batchesTracked(): number {
    return this.#batchesTracked;
  }

  /**
   * Does one step.
   *
   * @returns Where it was, the batch's loss (with the auxiliary head's share), and the norm of the gradient.
   * @throws {RangeError} If the epoch is over or all are done, or the loss is no longer finite.
   */
  takeStep(): { epoch: number; step: number; loss: number; gradientNorm: number } {
    if (this.isDone || this.isEpochOver) {
      throw new RangeError(`Cannot take step ${this.#step}: epoch ${this.#epoch} has ${this.stepsPerEpoch} steps`);
    }
    const { network, data, augment, settings, learns } = this.#options;
    const [epoch, step] = [this.#epoch, this.#step];
    const source = batchSource(data, this.#order.at(epoch, step), { augment, seed: this.#augmentSeed, epoch });
    const dropPath = dropPathProbability(epoch, { epochs: settings.epochs, probability: settings.dropPath });
    const result = network.backward(source, {
      weightGradients: learns === "head" ? "head" : true,
      dropPath,
      step: epoch * this.stepsPerEpoch + step,
    });
    this.#batchesTracked++;
    if (!Number.isFinite(result.loss)) {
      throw new RangeError(
        `Cannot go on with training: loss is ${result.loss} in epoch ${epoch}, step ${step}, expected a finite number: ` +
          "lower the learning rate",
      );
    }
    const course = { epochs: settings.epochs, first: settings.firstLearningRate, last: settings.lastLearningRate };
    const { momentum, weightDecay, clip } = settings;
    const learningRate = cosineLearningRate(epoch, course);
    const { gradientNorm } = network.sgdStep({ learningRate, momentum, weightDecay, clip });
    this.#tally.add(result);
    this.#step++;
    return { epoch, step, loss: result.loss, gradientNorm };
  }

  /**
   * Ends an epoch and goes on to the next.
   *
   * @returns Epochs done, and the mean loss and accuracy of its batches while the weights changed.
   * @throws {RangeError} If steps of the epoch are left.
   */
  finishEpoch(): { epochs: number; train: Evaluation } {
    if (this.isDone || !this.isEpochOver) {
      throw new RangeError(
        `Cannot finish epoch ${this.#epoch}: ${this.#step} steps are done, expected ${this.stepsPerEpoch}`,
      );
    }
    const report = this.report();
    this.#tally = new Tally();
    this.#epoch++;
    this.#step = 0;
    return report;
  }

  /** Epochs done, within one a fraction; mean loss and accuracy of its batches so far, while the weights changed. */
  report(): { epochs: number; train: Evaluation } {
    return { epochs: this.#epoch + this.#step / this.stepsPerEpoch, train: this.#tally.evaluation() };
  }

  /**
   * Counts training-mode passes that running statistics saw outside of steps.
   *
   * @param count How many.
   */
  trackPasses(count: number): void {
    this.#batchesTracked += count;
  }

  /** Copies the state of the training; the network's weights, momentum and running statistics belong to it, too. */
  state(): TrainingState {
    return {
      epoch: this.#epoch,
      step: this.#step,
      batchesTracked: this.#batchesTracked,
      tally: this.#tally.state(),
    };
  }

  /**
   * Goes back to a state; the network must have been given the weights, momentum and statistics of that moment.
   *
   * @param state What `state` gave.
   * @throws {RangeError} If it is that of another training.
   */
  restore(state: TrainingState): void {
    const { epochs } = this.#options.settings;
    if (state.epoch > epochs || state.step > this.stepsPerEpoch) {
      throw new RangeError(
        `Cannot resume training: it stopped in epoch ${state.epoch}, step ${state.step}, expected at most ` +
          `${epochs} and ${this.stepsPerEpoch}`,
      );
    }
    [this.#epoch, this.#step, this.#batchesTracked] = [state.epoch, state.step, state.batchesTracked];
    this.#tally = new Tally(state.tally);
  }
}
