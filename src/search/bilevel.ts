import type { AdamState, BatchSource, Engine, Network } from "../engine/mod.ts";
import {
  collectMomentum,
  collectState,
  deriveSeed,
  type EpochPlan,
  loadMomentum,
  loadState,
  namesOfBody,
} from "../network/mod.ts";
import { deriveGenotype, type Genotype, pruneState, samplePath, type Space } from "../spaces/mod.ts";
import {
  BatchOrder,
  batchSource,
  batchSources,
  type ImageSampler,
  type LabelledImages,
  type Variation,
} from "../tasks/mod.ts";
import { countAlpha } from "./alpha.ts";
import type { BilevelSettings } from "./bilevel_settings.ts";
import { averageEvaluations, evaluateNetwork, type Evaluation, Tally, type TallyState } from "./evaluation.ts";
import { type Head, HeadProbe } from "./head_probe.ts";
import type { DrawContext, MixingDraw, Purpose, SearchMethod } from "./methods/method.ts";
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
  /**
   * Compiles the supernet of a smaller space in place of the one so far, which is freed, for a method that shrinks its space
   * ({@linkcode SearchMethod.shrink}). The new network's weights may be anything.
   */
  readonly rebuild?: ((space: Space) => { network: Network; method: SearchMethod }) | undefined;
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
  readonly validation?: readonly Uint32Array[] | undefined;
  /** Augmentation of both parts while learning. */
  readonly augment?: Variation | undefined;
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
  /** Loss of alpha's batch, with that of the architecture's own if the method has one; absent if alpha did not learn. */
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
  readonly #options: Omit<BilevelOptions, "network" | "space" | "method">;
  #network: Network;
  #space: Space;
  #method: SearchMethod;
  readonly #weightOrder: BatchOrder;
  readonly #alphaOrder: BatchOrder;
  readonly #adam: AdamState;
  readonly #augmentSeed: number;
  readonly #drawSeed: number;
  #probe?: HeadProbe | undefined;
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
    const { engine, network, space, method, alpha, settings, seed } = options;
    const alphaCount = countAlpha(method.parameters);
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
    [this.#network, this.#space, this.#method] = [network, space, method];
    this.#alpha = alpha.slice();
    // A limit that nothing fits is said before the first step, not at the end of the first epoch.
    this.genotype();
    this.#probe = this.#createProbe();
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

  /** The supernet, which is another one after the method has shrunk its space. */
  get network(): Network {
    return this.#network;
  }

  /** The search space now. */
  get space(): Space {
    return this.#space;
  }

  /** The search method at work on it. */
  get method(): SearchMethod {
    return this.#method;
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
    return deriveGenotype(this.#method.strengths(this.#alpha), this.#space, this.#options.maxParameters);
  }

  /**
   * Evaluates on the validation images as the network is now.
   *
   * @returns Mean loss and accuracy; of several datasets the mean.
   */
  evaluate(): Evaluation {
    this.#network.setMixing(this.#draw("evaluation").weights);
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
    const { plan, settings } = this.#options;
    const [network, method] = [this.#network, this.#method];
    const { learningRate, updatesAlpha, learns } = plan[this.#epoch]!;
    this.#startEpoch();
    const train = this.#source(this.#weightOrder.at(this.#epoch, this.#step), this.#epoch);
    const count = this.#epoch * this.stepsPerEpoch + this.#step;
    const isAlphaLearning = updatesAlpha && method.updatesAlpha(this.#epoch) && count % settings.alphaEvery === 0;
    const alphaLoss = isAlphaLearning ? this.#stepAlpha(train, learningRate) : undefined;

    const path = learns === "head" ? undefined : this.#drawPath(count);
    network.setMixing(path ?? this.#draw("weights").weights);
    // Running statistics are those of the mixture: a pass through one network leaves them alone.
    const weightGradients = learns === "head" ? "head" : path === undefined ? true : "live";
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
   * Ends an epoch: evaluates on alpha's images and goes on to the next epoch, in a smaller space if the method asks for it.
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
    if (!this.isDone) this.#shrink();
    return report;
  }

  /**
   * Validates as `finishEpoch` does, at any step. What learns is left alone: running statistics are all that moves.
   *
   * @returns What the epoch gave so far.
   */
  validate(): EpochReport {
    this.#network.setMixing(this.#draw("evaluation").weights);
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
    const { data, alphaIndices, settings } = this.#options;
    const all = alphaIndices instanceof Uint32Array ? alphaIndices : alphaIndices.at(0);
    const { validation = [all] } = this.#options;
    return validation.map((indices) => evaluateNetwork(this.#network, data, { indices, batch: settings.batch }));
  }

  /** Adds the batch that has just been learnt to the sums of its images' datasets. */
  #tallyParts({ parts }: BatchSource): void {
    if (parts === undefined) return;
    const { losses, hits } = this.#network.imageOutcomes();
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
    const { data, settings: { recalibrationBatches: count } } = this.#options;
    const sources = batchSources(data, this.#weightOrder, { epoch: this.#epoch, count, seed: this.#augmentSeed });
    this.#batchesTracked += recalibrate(this.#network, sources);
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
      method: this.#method.state(),
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
    this.#method.restore(state.method);
    [this.#epoch, this.#step, this.#batchesTracked] = [epoch, step, state.batchesTracked];
    this.#tally = new Tally(state.tally);
    this.#partTallies = this.#partTallies.map((_, i) => new Tally(state.partTallies?.[i]));
    this.#probe?.restore(state.head);
    this.#startedEpoch = -1;
  }

  #startEpoch(): void {
    if (this.#startedEpoch === this.#epoch) return;
    const { plan } = this.#options;
    this.#method.startEpoch(this.#epoch, plan.length);
    this.#network.freeze(plan[this.#epoch]!.learns === "head" ? namesOfBody(this.#network) : []);
    this.#startedEpoch = this.#epoch;
  }

  /** Goes on with the supernet of a smaller space, if the method asks for it, and all that is known of what stays. */
  #shrink(): void {
    const { plan, rebuild } = this.#options;
    const end = { epochs: this.#epoch, planned: plan.length, space: this.#space };
    const space = this.#method.shrink?.(this.alpha, end);
    if (space === undefined) return;
    if (rebuild === undefined) throw new RangeError("Cannot shrink the space: the search cannot rebuild its network");
    const state = pruneState(collectState(this.#network), space);
    const momentum = pruneState(collectMomentum(this.#network), space);
    const [remembered, kept] = [this.#method.state(), this.#probe?.kept];
    const { network, method } = rebuild(space);
    loadState(network, state);
    loadMomentum(network, momentum);
    method.restore(remembered);
    [this.#network, this.#space, this.#method] = [network, space, method];
    this.#probe = this.#createProbe();
    this.#probe?.restore(kept);
  }

  #createProbe(): HeadProbe | undefined {
    const { engine, data, weightIndices: indices, alphaIndices, validation, settings } = this.#options;
    if (!settings.refitsHead) return undefined;
    const heldOut = validation?.[0] ?? alphaIndices;
    if (!(indices instanceof Uint32Array && heldOut instanceof Uint32Array) || data.parts) {
      throw new RangeError("Cannot refit heads: the images are of several datasets, expected a single one");
    }
    return new HeadProbe(engine, this.#network, { data, indices, heldOut, batch: settings.batch });
  }

  #stepAlpha(train: BatchSource, learningRate: number): number {
    const { order, momentum, weightDecay, alphaEvery } = this.#options.settings;
    const network = this.#network;
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
    const own = this.#method.regularise?.(this.alpha, this.#context("alpha"));
    const loss = own ? result.loss + own.loss : result.loss;
    const gradient = own ? result.gradient.map((slope, i) => slope + own.gradient[i]!) : result.gradient;
    this.#checkLoss(loss);
    this.#alpha = this.#adam.step(this.#alpha, gradient).slice();
    return loss;
  }

  /** Mixing weights of a single network in a share of the steps, as evenly spread over them as they can be. */
  #drawPath(count: number): Float32Array | undefined {
    const { pathShare } = this.#options.settings;
    if (!(Math.floor((count + 1) * pathShare) > Math.floor(count * pathShare))) return undefined;
    return samplePath(this.#method.strengths(this.#alpha), this.#space, deriveSeed(this.#drawSeed, `path ${count}`));
  }

  #draw(purpose: Purpose): MixingDraw {
    return this.#method.mix(this.#alpha, this.#context(purpose));
  }

  #context(purpose: Purpose): DrawContext {
    return { purpose, seed: this.#drawSeed, epoch: this.#epoch, step: this.#step };
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
