import type { AdamState, BatchSource, Engine, Network } from "../engine/mod.ts";
import { deriveSeed, type EpochPlan } from "../network/mod.ts";
import { deriveGenotypeWithin, type Genotype, samplePath, type Space } from "../spaces/mod.ts";
import {
  BatchOrder,
  batchSource,
  batchSources,
  type ImageSampler,
  type LabelledImages,
  type Variation,
} from "../tasks/mod.ts";
import type { BilevelSettings } from "./bilevel_settings.ts";
import { averageEvaluations, evaluateNetwork, type Evaluation, Tally, type TallyState } from "./evaluation.ts";
import { type Head, HeadProbe } from "./head_probe.ts";
import type { MixingDraw, Purpose, SearchMethod } from "./methods/method.ts";
import { recalibrate } from "./running_statistics.ts";
import { unrolledAlphaGradient } from "./unrolled.ts";

/** What a search works on. */
export interface BilevelOptions {
  /** Draws permutations, holds Adam's moments, fits heads and tries them. */
  readonly engine: Pick<Engine, "permutation" | "adam" | "fitClassifier" | "evaluateClassifier">;
  /** The supernet, with its initial or grafted weights. */
  readonly network: Network;
  /** Its search space. */
  readonly space: Space;
  /** The search method. */
  readonly method: SearchMethod;
  /** Most parameters of the derived network; no limit if left out. */
  readonly maxParameters?: number | undefined;
  /** Alpha to start from. */
  readonly alpha: Float32Array;
  /** Images and labels of both parts. */
  readonly data: LabelledImages;
  /** Images from which the weights learn: all of them every epoch, or what is drawn. */
  readonly weightIndices: Uint32Array | ImageSampler;
  /** Images from which alpha learns: all of them every epoch, or what is drawn. */
  readonly alphaIndices: Uint32Array | ImageSampler;
  /**
   * Images of each dataset on which the supernet is validated, in the order of the parts of `data`; all from which alpha
   * learns if left out.
   */
  readonly validation?: readonly Uint32Array[];
  /** Augmentation of both parts while learning. */
  readonly augment?: Variation;
  /** How both learn. */
  readonly settings: BilevelSettings;
  /** One entry an epoch. */
  readonly plan: readonly EpochPlan[];
  /** The user's seed. */
  readonly seed: number;
}

/** What one step gave. */
export interface StepReport {
  /** Epoch, from 0. */
  readonly epoch: number;
  /** Step within the epoch, from 0. */
  readonly step: number;
  /** Loss of the weights' batch. */
  readonly loss: number;
  /** Loss of alpha's batch; absent if alpha did not learn. */
  readonly alphaLoss?: number;
  /** Norm of the weights' gradient before clipping. */
  readonly gradientNorm: number;
}

/** What one epoch gave, or a part of it. */
export interface EpochReport {
  /** Epochs done; within one a fraction. */
  readonly epochs: number;
  /** Mean loss and accuracy of the weights' batches since the epoch began, while the weights changed. */
  readonly train: Evaluation;
  /** Loss and accuracy on the images from which alpha learns, at the end; of several datasets the mean. */
  readonly validation: Evaluation;
  /** Both for each dataset, if there are several. */
  readonly parts?: readonly { readonly train: Evaluation; readonly validation: Evaluation }[];
  /** Architecture that would be derived now. */
  readonly genotype: Genotype;
}

/**
 * All that a search is beyond the network's weights, momentum and running statistics. Plain data: with those three and
 * this, a search goes on bit for bit from any step.
 */
export interface SearchState {
  /** Epoch to go on with. */
  readonly epoch: number;
  /** Step to go on with; equal to the steps of an epoch when only the epoch's end is left to do. */
  readonly step: number;
  /** Training-mode passes that the running statistics have seen. */
  readonly batchesTracked: number;
  /** Architecture parameters. */
  readonly alpha: Float32Array;
  /** Adam's moments of alpha. */
  readonly moments: { readonly first: Float32Array; readonly second: Float32Array; readonly steps: number };
  /** What the method remembers. */
  readonly method: unknown;
  /** Sums of the epoch so far. */
  readonly tally: TallyState;
  /** The same for each dataset, if there are several. */
  readonly partTallies?: readonly TallyState[];
  /** The fitted head, where one did better than SGD's at the last validation. */
  readonly head?: Head;
}

/**
 * The alternating optimisation of weights and architecture, one step at a time.
 *
 * A step lets alpha learn from a batch of its images first, then the weights from a batch of theirs, as in DARTS. Alpha's
 * images are gone through epoch by epoch (the reference draws a new random batch each time). Everything random is keyed
 * by seed, epoch, step and image. Running statistics see alpha's batches as well, as in the reference.
 */
export class BilevelSearch {
  readonly #options: BilevelOptions;
  readonly #weightOrder: BatchOrder;
  readonly #alphaOrder: BatchOrder;
  readonly #adam: AdamState;
  readonly #augmentSeed: number;
  readonly #drawSeed: number;
  readonly #probe?: HeadProbe;
  #alpha: Float32Array;
  #epoch = 0;
  #step = 0;
  #batchesTracked: number;
  #startedEpoch = -1;
  #tally = new Tally();
  #partTallies: Tally[];

  /**
   * @param options What the search works on.
   * @param batchesTracked Training-mode passes that the network's running statistics have seen before.
   * @throws {RangeError} If alpha or the network does not fit the method, no architecture fits `maxParameters`, or several heads are to be refitted.
   */
  constructor(options: BilevelOptions, batchesTracked = 0) {
    const { engine, network, method, alpha, settings, seed } = options;
    const alphaCount = method.alphaTensors.reduce((sum, { shape }) => sum + shape.reduce((n, d) => n * d, 1), 0);
    if (alpha.length !== alphaCount) {
      throw new RangeError(
        `Cannot search: alpha holds ${alpha.length} numbers, expected ${alphaCount} for ${method.name}`,
      );
    }
    const mixing = method.strengths(alpha).length;
    if (network.mixingCount !== mixing) {
      throw new RangeError(
        `Cannot search: the network has ${network.mixingCount} mixing weights, expected ${mixing} for ${method.name}`,
      );
    }
    this.#options = options;
    this.#alpha = alpha.slice();
    // A limit that nothing fits is said before the first step, not at the end of the first epoch.
    this.genotype();
    if (settings.refitsHead) {
      const { data, weightIndices: indices } = options;
      const heldOut = options.validation?.[0] ?? options.alphaIndices;
      if (!(indices instanceof Uint32Array && heldOut instanceof Uint32Array) || data.parts) {
        throw new RangeError("Cannot refit heads: the images are of several datasets, expected a single one");
      }
      this.#probe = new HeadProbe(engine, network, { data, indices, heldOut, batch: settings.batch });
    }
    this.#partTallies = options.data.parts?.preparations.map(() => new Tally()) ?? [];
    const order = (indices: Uint32Array | ImageSampler, purpose: string) =>
      new BatchOrder(engine, indices, { batch: settings.batch, seed: deriveSeed(seed, purpose) });
    this.#weightOrder = order(options.weightIndices, "weight batches");
    this.#alphaOrder = order(options.alphaIndices, "alpha batches");
    this.#adam = engine.adam(alpha.length, {
      learningRate: settings.alphaLearningRate,
      beta1: settings.alphaBeta1,
      beta2: settings.alphaBeta2,
      epsilon: 1e-8,
      weightDecay: settings.alphaWeightDecay,
    });
    this.#augmentSeed = deriveSeed(seed, "augmentation");
    this.#drawSeed = deriveSeed(seed, "mixing weights");
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
    return this.#weightOrder.batches;
  }

  /** Whether the steps of the epoch are done, so that `finishEpoch` is next. */
  get isEpochOver(): boolean {
    return this.#step >= this.stepsPerEpoch;
  }

  /** Whether all epochs are done. */
  get isDone(): boolean {
    return this.#epoch >= this.#options.plan.length;
  }

  /** Architecture parameters now; a copy. */
  get alpha(): Float32Array {
    return this.#alpha.slice();
  }

  /** Training-mode passes that the network's running statistics have seen. */
  get batchesTracked(): number {
    return this.#batchesTracked;
  }

  /** Architecture that would be derived now. */
  genotype(): Genotype {
    const { method, space, maxParameters = Infinity } = this.#options;
    return deriveGenotypeWithin(method.strengths(this.#alpha), space, maxParameters);
  }

  /**
   * Evaluates on the validation images as the network is now.
   *
   * @returns Mean loss and accuracy; of several datasets the mean.
   */
  evaluate(): Evaluation {
    this.#options.network.setMixing(this.#draw("evaluation").weights);
    return averageEvaluations(this.#validate());
  }

  /**
   * Does one step: alpha, then the weights.
   *
   * @returns What it gave.
   * @throws {RangeError} If the epoch is over or all are done, or a loss is no longer finite.
   */
  takeStep(): StepReport {
    if (this.isDone || this.isEpochOver) {
      throw new RangeError(`Cannot take step ${this.#step}: epoch ${this.#epoch} has ${this.stepsPerEpoch} steps`);
    }
    const { network, method, plan, settings } = this.#options;
    const { learningRate, updatesAlpha, frozen } = plan[this.#epoch]!;
    this.#startEpoch();
    const train = this.#source(this.#weightOrder.at(this.#epoch, this.#step), this.#epoch);
    const count = this.#epoch * this.stepsPerEpoch + this.#step;
    const isAlphaLearning = updatesAlpha && method.updatesAlpha(this.#epoch) && count % settings.alphaEvery === 0;
    const alphaLoss = isAlphaLearning ? this.#stepAlpha(train, learningRate) : undefined;

    const path = frozen === "body" ? undefined : this.#drawPath(count);
    network.setMixing(path ?? this.#draw("weights").weights);
    // Running statistics are those of the mixture: a pass through one network leaves them alone.
    const weightGradients = frozen === "body" ? "head" : path === undefined ? true : "live";
    const result = network.backward(train, { weightGradients });
    if (path === undefined) this.#batchesTracked++;
    this.#checkLoss(result.loss);
    this.#tallyParts(train);
    const { momentum, weightDecay, clip } = settings;
    const { gradientNorm } = network.sgdStep({ learningRate, momentum, weightDecay, clip });
    this.#tally.add(result);
    const report = { epoch: this.#epoch, step: this.#step, loss: result.loss, gradientNorm };
    this.#step++;
    return alphaLoss === undefined ? report : { ...report, alphaLoss };
  }

  /**
   * Ends an epoch: evaluates on alpha's images and goes on to the next epoch.
   *
   * @returns What the epoch gave.
   * @throws {RangeError} If steps of the epoch are left.
   */
  finishEpoch(): EpochReport {
    if (this.isDone || !this.isEpochOver) {
      throw new RangeError(
        `Cannot finish epoch ${this.#epoch}: ${this.#step} steps are done, expected ${this.stepsPerEpoch}`,
      );
    }
    const report = this.validate();
    this.#tally = new Tally();
    this.#partTallies = this.#partTallies.map(() => new Tally());
    this.#epoch++;
    this.#step = 0;
    return report;
  }

  /**
   * Validates as `finishEpoch` does, at any step. What learns is left alone: running statistics are all that moves.
   *
   * @returns What the epoch gave so far.
   */
  validate(): EpochReport {
    this.#options.network.setMixing(this.#draw("evaluation").weights);
    const validations = this.#probe ? [this.#tryHeads(this.#probe)] : this.#recalibrateAndValidate();
    const parts = this.#partTallies.map((tally, i) => ({ train: tally.evaluation(), validation: validations[i]! }));
    return {
      epochs: this.#epoch + this.#step / this.stepsPerEpoch,
      train: this.#tally.evaluation(),
      validation: averageEvaluations(validations),
      ...(parts.length > 0 && { parts }),
      genotype: this.genotype(),
    };
  }

  /** Evaluates on the validation images of each dataset. */
  #validate(): Evaluation[] {
    const { network, data, alphaIndices, settings } = this.#options;
    const all = alphaIndices instanceof Uint32Array ? alphaIndices : alphaIndices.at(0);
    const { validation = [all] } = this.#options;
    return validation.map((indices) => evaluateNetwork(network, data, { indices, batch: settings.batch }));
  }

  /** Adds the batch that has just been learnt to the sums of its images' datasets. */
  #tallyParts({ parts }: BatchSource): void {
    if (parts === undefined) return;
    const { losses, hits } = this.#options.network.imageOutcomes();
    parts.of.forEach((part, i) => this.#partTallies[part]!.addImage(losses[i]!, hits[i]!));
  }

  /** Fits a head to the features of now, and evaluates the better of it and SGD's. */
  #tryHeads(probe: HeadProbe): Evaluation {
    const moment = this.isEpochOver ? `epoch ${this.#epoch}` : `epoch ${this.#epoch}, step ${this.#step}`;
    const seed = deriveSeed(deriveSeed(this.#options.seed, "head batches"), moment);
    const { validation, batches } = probe.tryHeads(seed);
    this.#batchesTracked += batches;
    return validation;
  }

  /** Lets running statistics follow the weights and the mixing weights of the evaluation first. */
  #recalibrateAndValidate(): Evaluation[] {
    const { network, data, settings: { recalibrationBatches: count } } = this.#options;
    const sources = batchSources(data, this.#weightOrder, { epoch: this.#epoch, count, seed: this.#augmentSeed });
    this.#batchesTracked += recalibrate(network, sources);
    return this.#validate();
  }

  /** Gives the network the head that was validated last, where heads are fitted; nothing can be learnt after that. */
  adoptHead(): void {
    this.#probe?.adopt();
  }

  /** Copies the state of the search; the network's weights, momentum and running statistics belong to it, too. */
  state(): SearchState {
    const { first, second, steps } = this.#adam.moments();
    return {
      epoch: this.#epoch,
      step: this.#step,
      batchesTracked: this.#batchesTracked,
      alpha: this.#alpha.slice(),
      moments: { first: first.slice(), second: second.slice(), steps },
      method: this.#options.method.state(),
      tally: this.#tally.state(),
      ...(this.#probe?.kept && { head: this.#probe.kept }),
      ...(this.#partTallies.length > 0 && { partTallies: this.#partTallies.map((tally) => tally.state()) }),
    };
  }

  /**
   * Goes back to a state; the network must have been given the weights, momentum and statistics of that moment.
   *
   * @param state What `state` gave.
   * @throws {RangeError} If it is that of another search.
   */
  restore(state: SearchState): void {
    const { alpha, moments, epoch, step } = state;
    const lengths = [alpha.length, moments.first.length, moments.second.length];
    if (lengths.some((length) => length !== this.#alpha.length)) {
      throw new RangeError(
        `Cannot resume search: alpha and its moments hold ${
          lengths.join(", ")
        } numbers, expected ${this.#alpha.length}`,
      );
    }
    if (epoch > this.#options.plan.length || step > this.stepsPerEpoch) {
      throw new RangeError(
        `Cannot resume search: it stopped in epoch ${epoch}, step ${step}, expected at most ` +
          `${this.#options.plan.length} and ${this.stepsPerEpoch}`,
      );
    }
    this.#alpha = alpha.slice();
    this.#adam.restore({ first: moments.first.slice(), second: moments.second.slice(), steps: moments.steps });
    this.#options.method.restore(state.method);
    [this.#epoch, this.#step, this.#batchesTracked] = [epoch, step, state.batchesTracked];
    this.#tally = new Tally(state.tally);
    this.#partTallies = this.#partTallies.map((_, i) => new Tally(state.partTallies?.[i]));
    this.#probe?.restore(state.head);
    this.#startedEpoch = -1;
  }

  #startEpoch(): void {
    if (this.#startedEpoch === this.#epoch) return;
    const { network, method, plan } = this.#options;
    method.startEpoch(this.#epoch, plan.length);
    const isBodyFrozen = plan[this.#epoch]!.frozen === "body";
    const body = network.parameters.map(({ name }) => name).filter((name) => !name.startsWith("classifier."));
    network.freeze(isBodyFrozen ? body : []);
    this.#startedEpoch = this.#epoch;
  }

  #stepAlpha(train: BatchSource, learningRate: number): number {
    const { network, settings: { order, momentum, weightDecay, alphaEvery } } = this.#options;
    // Alpha's images have epochs of their own, which are as long as the weights' if both parts are equal.
    const count = Math.floor((this.#epoch * this.stepsPerEpoch + this.#step) / alphaEvery);
    const epoch = Math.floor(count / this.#alphaOrder.batches);
    const validation = this.#source(this.#alphaOrder.at(epoch, count % this.#alphaOrder.batches), epoch);
    const draw = this.#draw("alpha");
    network.setMixing(draw.weights);
    const toAlpha = (mixingGradient: Float32Array) => draw.gradient(mixingGradient);
    let result: { gradient: Float32Array; loss: number; batchesTracked: number };
    if (order === 2) {
      result = unrolledAlphaGradient(network, { train, validation, learningRate, momentum, weightDecay, toAlpha });
    } else {
      const { loss } = network.backward(validation, { weightGradients: false });
      result = { gradient: toAlpha(network.mixingGradient()), loss, batchesTracked: 1 };
    }
    this.#batchesTracked += result.batchesTracked;
    this.#checkLoss(result.loss);
    this.#alpha = this.#adam.step(this.#alpha, result.gradient).slice();
    return result.loss;
  }

  /** Mixing weights of a single network in a share of the steps, as evenly spread over them as they can be. */
  #drawPath(count: number): Float32Array | undefined {
    const { method, space, settings: { pathShare } } = this.#options;
    if (!(Math.floor((count + 1) * pathShare) > Math.floor(count * pathShare))) return undefined;
    return samplePath(method.strengths(this.#alpha), space, deriveSeed(this.#drawSeed, `path ${count}`));
  }

  #draw(purpose: Purpose): MixingDraw {
    const context = { purpose, seed: this.#drawSeed, epoch: this.#epoch, step: this.#step };
    return this.#options.method.mix(this.#alpha, context);
  }

  #source(indices: Uint32Array, epoch: number): BatchSource {
    const { data, augment } = this.#options;
    return batchSource(data, indices, { augment, seed: this.#augmentSeed, epoch });
  }

  #checkLoss(loss: number): void {
    if (Number.isFinite(loss)) return;
    throw new RangeError(
      `Cannot go on with search: loss is ${loss} in epoch ${this.#epoch}, step ${this.#step}, expected a finite number: ` +
        "lower the learning rate",
    );
  }
}
