import type { Engine, Network } from "../engine/mod.ts";
import { cosineLearningRate, deriveSeed, dropPathProbability, type Learns, type State } from "../network/mod.ts";
import {
  BatchOrder,
  batchSource,
  batchSources,
  type ImageSampler,
  type LabelledImages,
  type Objective,
  type Variation,
} from "../batches/mod.ts";
import { EpochClock, type EpochState } from "./epoch_clock.ts";
import { averageEvaluations, type Evaluation } from "./evaluation.ts";
import { freezeBody } from "./freeze_body.ts";
import { decodeHead, encodeHead, isOfFittedHead } from "./head_probe.ts";
import { recalibrate } from "./running_statistics.ts";
import type { Validator } from "./validator.ts";
import {
  type AveragedNetwork,
  decodeWeightsMean,
  encodeWeightsMean,
  isOfWeightsMean,
  keepMean,
  recalibrationBatches,
  type WeightsMean,
  withMean,
} from "./weights_mean.ts";

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
  /**
   * Decay of the exponential mean of the weights, with which the network is validated and at the end left; the weights themselves if 0
   * or left out.
   */
  readonly weightsMean?: number | undefined;
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
  readonly network: Pick<Network, "backward" | "forward" | "sgdStep" | "freeze" | keyof AveragedNetwork>;
  /** Images and labels. */
  readonly data: LabelledImages;
  /** Images to learn from, epoch by epoch. */
  readonly images: ImageSampler;
  /** How they are varied; not at all if left out. */
  readonly augment?: Variation | undefined;
  /** What is minimised; the plain cross-entropy if left out. */
  readonly objective?: Objective | undefined;
  /** Which weights learn. The head's alone are found without a backward pass through the body. */
  readonly learns: Learns;
  /** Validates on images that are held out, if any are. */
  readonly validator?: Validator | undefined;
  /** How it learns. */
  readonly settings: TrainingSettings;
  /** The user's seed. */
  readonly seed: number;
}

/** What one epoch gave, or a part of it. */
export interface TrainingReport {
  /** Epochs done; within one a fraction. */
  readonly epochs: number;
  /** Mean loss and accuracy of the batches since the epoch began, while the weights changed. */
  readonly train: Evaluation;
  /** Loss and accuracy on images that are held out, if any are; of several datasets the mean. */
  readonly validation: Evaluation | undefined;
}

/**
 * All that a training is beyond the network's weights, momentum and running statistics: the tensors of the fitted head, where
 * one did better than SGD's at the last validation, those of the mean of weights where one is kept, and plain JSON data.
 */
export interface TrainingState {
  /** Named tensors. */
  readonly tensors: State;
  /** The rest. */
  readonly progress: EpochState;
}

/** Training of a final network, one step at a time; goes on bit for bit from any step. */
export class WeightTraining {
  /** Where the training stands. */
  readonly clock: EpochClock;
  readonly #options: TrainingOptions;
  readonly #order: BatchOrder;
  readonly #augmentSeed: number;
  #mean: WeightsMean | undefined;

  /**
   * @param options What the training works on.
   * @param batchesTracked Training-mode passes that the network's running statistics have seen before.
   * @throws {RangeError} If there are too few images.
   */
  constructor(options: TrainingOptions, batchesTracked = 0) {
    const { engine, network, images, settings: { epochs, batch, weightsMean }, learns, seed } = options;
    this.#options = options;
    freezeBody(network, learns);
    this.#mean = keepMean(network, weightsMean);
    this.#order = new BatchOrder(engine, images, { batch, seed: deriveSeed(seed, "training batches") });
    this.#augmentSeed = deriveSeed(seed, "training augmentation");
    const stepsPerEpoch = this.#order.batches;
    this.clock = new EpochClock({ purpose: "training", epochs, stepsPerEpoch, batchesTracked });
  }

  /**
   * Does one step.
   *
   * @returns Where it was, the batch's loss (with the auxiliary head's share), and the norm of the gradient.
   * @throws {RangeError} If the epoch is over or all are done, or the loss is no longer finite.
   */
  takeStep(): { epoch: number; step: number; loss: number; gradientNorm: number } {
    this.clock.checkStep();
    const { network, data, augment, objective, settings, learns } = this.#options;
    const { epoch, epochs, step, stepsDone } = this.clock;
    const variation = { augment, objective, seed: this.#augmentSeed, epoch };
    const source = batchSource(data, this.#order.at(epoch, step), variation);
    const dropPath = dropPathProbability(epoch, { epochs, probability: settings.dropPath });
    const weightGradients = learns === "head" ? "head" : true;
    const result = network.backward(source, { weightGradients, dropPath, step: stepsDone });
    this.clock.countPasses(1);
    this.clock.checkLoss(result.loss);
    const course = { epochs, first: settings.firstLearningRate, last: settings.lastLearningRate };
    const { momentum, weightDecay, clip } = settings;
    const learningRate = cosineLearningRate(epoch, course);
    const { gradientNorm } = network.sgdStep({ learningRate, momentum, weightDecay, clip });
    this.clock.countStep(result);
    this.#mean?.follow(this.clock.stepsDone);
    return { epoch, step, loss: result.loss, gradientNorm };
  }

  /**
   * Ends an epoch: validates and goes on to the next.
   *
   * @returns What the epoch gave.
   * @throws {RangeError} If steps of the epoch are left.
   */
  finishEpoch(): TrainingReport {
    return this.clock.finishEpoch(() => this.validate());
  }

  /**
   * Validates as `finishEpoch` does, at any step. What learns is left alone: running statistics are all that moves.
   *
   * @returns What the epoch gave so far.
   */
  validate(): TrainingReport {
    const { validator } = this.#options;
    const validations = validator && withMean(this.#mean, () => validator.validate(this.clock));
    const { epochsDone: epochs, train } = this.clock;
    return { epochs, train, validation: validations && averageEvaluations(validations) };
  }

  /**
   * Evaluates on the images that are held out, as the network, or the mean of its weights, is now.
   *
   * @returns Mean loss and accuracy, of several datasets the mean; undefined if no images are held out.
   */
  evaluate(): Evaluation | undefined {
    const { validator } = this.#options;
    return validator && averageEvaluations(withMean(this.#mean, () => validator.evaluate()));
  }

  /**
   * Gives the network the mean of its weights where one is kept, with running statistics of its own, and the head that was validated
   * last where heads are fitted. Nothing can be learnt after that.
   */
  adopt(): void {
    const { validator } = this.#options;
    this.#mean?.adopt();
    // A validator has measured the statistics of what it validated last.
    if (this.#mean && !validator) this.#measureStatistics();
    this.#mean = undefined;
    validator?.adoptHead();
  }

  #measureStatistics(): void {
    const { network, data, augment, settings: { weightsMean } } = this.#options;
    const count = Math.min(this.#order.batches, recalibrationBatches(0, weightsMean));
    const sources = batchSources(data, this.#order, {
      epoch: this.clock.epoch,
      count,
      augment,
      seed: this.#augmentSeed,
    });
    this.clock.countPasses(recalibrate(network, sources));
  }

  /** Copies the state of the training; the network's weights, momentum and running statistics belong to it, too. */
  save(): TrainingState {
    const head = encodeHead(this.#options.validator?.head);
    return { tensors: new Map([...head, ...encodeWeightsMean(this.#mean?.state())]), progress: this.clock.state() };
  }

  /**
   * Goes back to a state; the network must have been given the weights, momentum and statistics of that moment.
   *
   * @param state What `save` gave; other tensors may be among its own.
   * @throws {RangeError} If it is that of another training.
   */
  load({ tensors, progress }: TrainingState): void {
    this.clock.restore(progress);
    this.#options.validator?.restore(decodeHead(tensors));
    this.#mean?.restore(decodeWeightsMean(tensors));
  }

  /** Whether a tensor of a checkpoint is one that `save` gave, not the network's. */
  owns(name: string): boolean {
    return isOfFittedHead(name) || isOfWeightsMean(name);
  }
}
