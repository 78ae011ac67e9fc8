import { type AdamState, type BatchSource, type Engine, type Network, SLOT } from "../engine/mod.ts";
import { collectMomentum, collectState, deriveSeed, type EpochPlan, loadMomentum, loadState } from "../network/mod.ts";
import {
  deriveGenotype,
  describeSpace,
  type Genotype,
  hasSameBody,
  pruneState,
  samplePath,
  type Space,
} from "../spaces/mod.ts";
import {
  BatchOrder,
  batchSource,
  type ImageSampler,
  type LabelledImages,
  type Objective,
  type SearchSplit,
  type Shard,
  type Variation,
  WHOLE,
} from "../batches/mod.ts";
import { countAlpha } from "./alpha.ts";
import type { BilevelSettings } from "./bilevel_settings.ts";
import { decodeSearchState, encodeSearchState, isOfSearch, type SavedSearch, type SearchState } from "./checkpoint.ts";
import { EpochClock } from "./epoch_clock.ts";
import { averageEvaluations, type Evaluation, Tally } from "./evaluation.ts";
import { freezeBody } from "./freeze_body.ts";
import type { DrawContext, MixingDraw, Purpose, SearchMethod } from "./methods/method.ts";
import { type OperationStopper, stopOperations } from "./operation_stopper.ts";
import { unrolledAlphaGradient } from "./unrolled.ts";
import { Validator } from "./validator.ts";
import { keepMean, recalibrationBatches, type WeightsMean, withMean } from "./weights_mean.ts";

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
   * Puts the supernet of a smaller space in the place of the one so far, for a method that shrinks its space
   * ({@linkcode SearchMethod.shrink}). The new network's weights may be anything; the one so far is not used again.
   */
  readonly rebuild?: ((space: Space) => { network: Network; method: SearchMethod }) | undefined;
  /** Most parameters of the derived network; no limit if left out. */
  readonly maxParameters?: number | undefined;
  /** Alpha to start from. */
  readonly alpha: Float32Array;
  /** Images and labels of all parts. */
  readonly data: LabelledImages;
  /** Images from which weights and alpha learn, and on which the supernet is validated. */
  readonly split: SearchSplit;
  /** How both parts are varied while they are learnt from; not at all if left out. */
  readonly augment?: Variation | undefined;
  /** What both minimise, but that alpha's images are never mixed; the plain cross-entropy if left out. */
  readonly objective?: Objective | undefined;
  /** How both learn. */
  readonly settings: BilevelSettings;
  /** One entry an epoch. */
  readonly plan: readonly EpochPlan[];
  /** The plan of fewer epochs, for a search that is shortened; the beginning of `plan` if left out. */
  readonly planFor?: ((epochs: number) => readonly EpochPlan[]) | undefined;
  /** The user's seed. */
  readonly seed: number;
  /** Share of each epoch's batches from which this one learns, beside others that learn from the rest; all if left out. */
  readonly shard?: Shard | undefined;
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
  readonly alphaLoss?: number | undefined;
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
  /** Both for each dataset. */
  readonly parts: readonly { readonly train: Evaluation; readonly validation: Evaluation }[];
  /** Architecture that would be derived now. */
  readonly genotype: Genotype;
}

/**
 * The alternating optimisation of weights and architecture, one step at a time.
 *
 * A step lets alpha learn from a batch of its images first, then the weights from a batch of theirs, as in DARTS. Alpha's
 * images are gone through epoch by epoch (the reference draws a new random batch each time). Everything random is keyed
 * by seed, epoch, step and image. Running statistics see alpha's batches as well, as in the reference.
 */
export class BilevelSearch {
  /** Where the search stands. */
  readonly clock: EpochClock;
  readonly #options: Omit<BilevelOptions, "network" | "space" | "method">;
  #network: Network;
  #space: Space;
  #method: SearchMethod;
  readonly #weightOrder: BatchOrder;
  readonly #alphaOrder: BatchOrder;
  readonly #adam: AdamState;
  readonly #augmentSeed: number;
  readonly #drawSeed: number;
  readonly #shard: Shard;
  #validator: Validator;
  #mean: WeightsMean | undefined;
  #stopper: OperationStopper | undefined;
  #alpha: Float32Array;
  #startedEpoch = -1;
  #partTallies: Tally[];

  /**
   * @param options What the search works on.
   * @param batchesTracked Training-mode passes that the network's running statistics have seen before.
   * @throws {RangeError} If alpha or the network does not fit the method, no architecture fits `maxParameters`, or several heads are to be refitted.
   */
  constructor(options: BilevelOptions, batchesTracked = 0) {
    const { engine, alpha, data, split, settings, seed, shard = WHOLE } = options;
    checkAlpha(options);
    [this.#options, this.#shard] = [options, shard];
    [this.#network, this.#space, this.#method] = [options.network, options.space, options.method];
    this.#alpha = alpha.slice();
    // A limit that nothing fits is said before the first step, not at the end of the first epoch.
    this.genotype();
    this.#partTallies = data.parts.map(() => new Tally());
    const order = (images: ImageSampler, purpose: string) =>
      new BatchOrder(engine, images, { batch: settings.batch, seed: deriveSeed(seed, purpose), shard });
    this.#weightOrder = order(split.weights, "weight batches");
    this.#alphaOrder = order(split.alpha, "alpha batches");
    this.#adam = engine.adam(alpha.length, {
      learningRate: settings.alphaLearningRate,
      beta1: settings.alphaBeta1,
      beta2: settings.alphaBeta2,
      epsilon: 1e-8,
      weightDecay: settings.alphaWeightDecay,
    });
    this.#augmentSeed = deriveSeed(seed, "augmentation");
    this.#drawSeed = deriveSeed(seed, "mixing weights");
    const [epochs, stepsPerEpoch] = [options.plan.length, this.#weightOrder.batches];
    this.clock = new EpochClock({ purpose: "search", epochs, stepsPerEpoch, batchesTracked });
    this.#validator = this.#createValidator();
    this.#mean = keepMean(this.#network, settings.weightsMean);
    this.#stopper = stopOperations(this.#network, this.#space, settings.operationStopping);
  }

  /** The search space now: smaller than at the beginning if the method has shrunk it. */
  get space(): Space {
    return this.#space;
  }

  /** The search method at work on it. */
  get method(): SearchMethod {
    return this.#method;
  }

  /** Architecture parameters now; a copy. */
  get alpha(): Float32Array {
    return this.#alpha.slice();
  }

  /** Architecture that would be derived now. */
  genotype(): Genotype {
    return deriveGenotype(this.#method.strengths(this.#alpha), this.#space, this.#options.maxParameters);
  }

  /**
   * What a run's history keeps of now: how strongly alpha speaks for each candidate, to four decimals; and where operations may stop, how many
   * have.
   */
  trace(): { readonly strengths: number[]; readonly stopped?: number } {
    const strengths = Array.from(this.#method.strengths(this.#alpha), (strength) => Number(strength.toFixed(4)));
    return this.#stopper ? { strengths, stopped: this.#stopper.stopped.length } : { strengths };
  }

  /**
   * Evaluates on the validation images as the network, or the mean of its weights, is now.
   *
   * @returns Mean loss and accuracy; of several datasets the mean.
   */
  evaluate(): Evaluation {
    this.#network.setMixing(this.#draw("evaluation").weights);
    return averageEvaluations(withMean(this.#mean, () => this.#validator.evaluate()));
  }

  /**
   * Does one step: alpha, then the weights.
   *
   * @returns What it gave.
   * @throws {RangeError} If the epoch is over or all are done, or a loss is no longer finite.
   */
  takeStep(): StepReport {
    this.clock.checkStep();
    const { settings } = this.#options;
    const [network, method] = [this.#network, this.#method];
    const { epoch, step, stepsDone } = this.clock;
    const { learningRate, updatesAlpha, learns } = this.#planOf(epoch);
    this.#startEpoch();
    const train = this.#source(this.#weightOrder.at(epoch, step), epoch);
    const isAlphaLearning = updatesAlpha && method.updatesAlpha(epoch) && stepsDone % settings.alphaEvery === 0;
    const alphaStep = isAlphaLearning ? this.#stepAlpha(train, learningRate) : undefined;

    const { weights, isPath } = (learns === "head" ? undefined : this.#drawPath()) ?? this.#draw("weights");
    network.setMixing(weights);
    // Running statistics are those of the mixture: a pass through one network leaves them alone.
    const weightGradients = learns === "head" ? "head" : isPath ? "live" : true;
    const result = network.backward(train, { weightGradients });
    if (weightGradients !== "live") this.clock.countPasses(1);
    this.clock.checkLoss(result.loss);
    this.#tallyParts(train);
    // What runs along a path leaves no gradients of the other operations.
    const isOfAll = weightGradients === true && alphaStep?.isPath === false;
    if (isOfAll && this.#stopper?.compare()) this.#freeze(epoch);
    const { momentum, weightDecay, clip } = settings;
    const { gradientNorm } = network.sgdStep({ learningRate, momentum, weightDecay, clip });
    this.clock.countStep(result);
    this.#mean?.follow(this.clock.stepsDone);
    return { epoch, step, loss: result.loss, alphaLoss: alphaStep?.loss, gradientNorm };
  }

  /**
   * Ends an epoch: validates and goes on to the next epoch, in a smaller space if the method asks for it.
   *
   * @returns What the epoch gave.
   * @throws {RangeError} If steps of the epoch are left.
   */
  finishEpoch(): EpochReport {
    if (this.clock.isEpochOver) {
      this.#measure();
      if (this.clock.epoch === this.clock.epochs - 1) this.#conclude();
    }
    const report = this.clock.finishEpoch(() => this.validate());
    this.#partTallies = this.#partTallies.map(() => new Tally());
    if (!this.clock.isDone) this.#shrink();
    return report;
  }

  /**
   * Validates as `finishEpoch` does, at any step. What learns is left alone: running statistics are all that moves.
   *
   * @returns What the epoch gave so far.
   */
  validate(): EpochReport {
    this.#network.setMixing(this.#draw("evaluation").weights);
    const validations = withMean(this.#mean, () => this.#validator.validate(this.clock));
    const { epochsDone: epochs, train } = this.clock;
    return {
      epochs,
      train,
      validation: averageEvaluations(validations),
      parts: this.#partTallies.map((tally, i) => ({ train: tally.evaluation(), validation: validations[i]! })),
      genotype: this.genotype(),
    };
  }

  /** Adds the batch that has just been learnt to the sums of its images' datasets. */
  #tallyParts({ parts }: BatchSource): void {
    const { losses, hits } = this.#network.imageOutcomes();
    parts!.of.forEach((part, i) => this.#partTallies[part]!.addImage(losses[i]!, hits[i]!));
  }

  /**
   * Gives the network what was validated last: the mean of its weights where one is kept, the fitted head where that did better.
   * Nothing can be learnt after that.
   */
  adopt(): void {
    this.#mean?.adopt();
    this.#mean = undefined;
    this.#validator.adoptHead();
  }

  /** Copies the state of the search; the network's weights, momentum and running statistics belong to it, too. */
  state(): SearchState {
    const { first, second, steps } = this.#adam.moments();
    return {
      ...this.clock.state(),
      space: this.#space,
      alpha: this.#alpha.slice(),
      moments: { first: first.slice(), second: second.slice(), steps },
      method: this.#method.state(),
      partTallies: this.#partTallies.map((tally) => tally.state()),
      head: this.#validator.head,
      mean: this.#mean?.state(),
      stopping: this.#stopper?.state(),
    };
  }

  /**
   * Goes back to a state; the network must have been given the weights, momentum and statistics of that moment.
   *
   * @param state What `state` gave.
   * @throws {RangeError} If it is that of another search.
   */
  restore(state: SearchState): void {
    const { space, alpha, moments } = state;
    if (!hasSameBody(space, this.#space)) {
      throw new RangeError(
        `Cannot resume search: it stopped in space ${describeSpace(space)}, expected ${describeSpace(this.#space)}`,
      );
    }
    const lengths = [alpha.length, moments.first.length, moments.second.length];
    if (lengths.some((length) => length !== this.#alpha.length)) {
      throw new RangeError(
        `Cannot resume search: alpha and its moments hold ${
          lengths.join(", ")
        } numbers, expected ${this.#alpha.length}`,
      );
    }
    this.clock.restore(state);
    this.#alpha = alpha.slice();
    this.#adam.restore({ first: moments.first.slice(), second: moments.second.slice(), steps: moments.steps });
    this.#method.restore(state.method);
    this.#partTallies = state.partTallies.map((tally) => new Tally(tally));
    this.#validator.restore(state.head);
    this.#mean?.restore(state.mean);
    this.#stopper?.restore(state.stopping);
    this.#startedEpoch = -1;
  }

  /** All that a checkpoint keeps of the search beside the network. */
  save(): SavedSearch {
    return encodeSearchState(this.state(), this.#method);
  }

  /**
   * Goes back to what was saved, as `restore` does.
   *
   * @param saved What `save` gave; other tensors may be among its own.
   * @throws {RangeError} If it is that of another search.
   */
  load({ tensors, progress }: SavedSearch): void {
    this.restore(decodeSearchState(tensors, progress, this.#method));
  }

  /** Whether a tensor of a checkpoint is one that `save` gave, not the network's. */
  owns(name: string): boolean {
    return isOfSearch(name, this.#method);
  }

  #createValidator(): Validator {
    const { engine, data, split, seed, settings } = this.#options;
    const network = this.#network;
    const { batch, refitsHead, weightsMean } = settings;
    const batches = recalibrationBatches(settings.recalibrationBatches, weightsMean);
    const recalibration = { batches, order: this.#weightOrder, seed: this.#augmentSeed };
    const images = { data, weights: split.weights, heldOut: split.validation };
    return new Validator({ engine, network, ...images, batch, refitsHead, recalibration, seed });
  }

  #startEpoch(): void {
    const { epoch, epochs } = this.clock;
    if (this.#startedEpoch === epoch) return;
    this.#method.startEpoch(epoch, epochs);
    this.#freeze(epoch);
    this.#startedEpoch = epoch;
  }

  #freeze(epoch: number): void {
    freezeBody(this.#network, this.#planOf(epoch).learns, this.#stopper?.parameters);
  }

  /** What an epoch does: of a search that was shortened, what it does in one of that length. */
  #planOf(epoch: number): EpochPlan {
    const { plan, planFor } = this.#options;
    const { epochs } = this.clock;
    return (epochs < plan.length ? planFor?.(epochs) ?? plan : plan)[epoch]!;
  }

  /** Goes on with the supernet of a smaller space, if the method asks for it, and all that is known of what stays. */
  #shrink(): void {
    const { clock: { epoch: epochs, epochs: planned }, alpha } = this;
    const space = this.#method.shrink?.(alpha, { epochs, planned, space: this.#space });
    if (space === undefined) return;
    const { rebuild } = this.#options;
    if (rebuild === undefined) throw new RangeError("Cannot shrink the space: the search cannot rebuild its network");
    const state = pruneState(collectState(this.#network), space);
    const momentum = pruneState(collectMomentum(this.#network), space);
    const mean = this.#mean && pruneState(this.#mean.state(), space);
    const [remembered, head, scores] = [this.#method.state(), this.#validator.head, this.#stopper?.state()];
    const { network, method } = rebuild(space);
    loadState(network, state);
    loadMomentum(network, momentum);
    method.restore(remembered);
    [this.#network, this.#space, this.#method] = [network, space, method];
    this.#validator = this.#createValidator();
    this.#validator.restore(head);
    const { weightsMean, operationStopping } = this.#options.settings;
    this.#mean = keepMean(network, weightsMean);
    this.#mean?.restore(mean);
    this.#stopper = stopOperations(network, space, operationStopping);
    this.#stopper?.restore(scores);
  }

  #stepAlpha(train: BatchSource, learningRate: number): { loss: number; isPath: boolean } {
    const { order, momentum, weightDecay, alphaEvery } = this.#options.settings;
    const network = this.#network;
    // Alpha's images have epochs of their own, which are as long as the weights' if both parts are equal.
    const count = Math.floor(this.clock.stepsDone / alphaEvery);
    const epoch = Math.floor(count / this.#alphaOrder.batches);
    const indices = this.#alphaOrder.at(epoch, count % this.#alphaOrder.batches);
    // Architectures are judged by images as they are.
    const validation = this.#source(indices, epoch, { ...this.#options.objective, mixing: undefined });
    const draw = this.#draw("alpha");
    network.setMixing(draw.weights);
    const { isPath = false } = draw;
    const toAlpha = (mixingGradient: Float32Array) => draw.gradient(mixingGradient);
    let result: { gradient: Float32Array; loss: number; batchesTracked: number };
    if (order === 2) {
      const slot = this.#stopper?.slot;
      result = unrolledAlphaGradient(network, {
        train,
        validation,
        learningRate,
        momentum,
        weightDecay,
        slot,
        toAlpha,
      });
    } else {
      const { loss } = network.backward(validation, { weightGradients: isPath ? "live" : this.#stopper !== undefined });
      result = { gradient: toAlpha(network.mixingGradient()), loss, batchesTracked: isPath ? 0 : 1 };
      if (this.#stopper) network.vectors.copy(SLOT.gradients, this.#stopper.slot);
    }
    this.clock.countPasses(result.batchesTracked);
    const own = this.#method.regularise?.(this.alpha, this.#context("alpha"));
    const loss = own ? result.loss + own.loss : result.loss;
    const gradient = own ? result.gradient.map((slope, i) => slope + own.gradient[i]!) : result.gradient;
    this.clock.checkLoss(loss);
    this.#alpha = this.#adam.step(this.#alpha, gradient).slice();
    return { loss, isPath };
  }

  /** Mixing weights of a single network in a share of the steps, as evenly spread over them as they can be. */
  #drawPath(): Pick<MixingDraw, "weights" | "isPath"> | undefined {
    const { pathShare } = this.#options.settings;
    const { stepsDone: count } = this.clock;
    if (!(Math.floor((count + 1) * pathShare) > Math.floor(count * pathShare))) return undefined;
    const strengths = this.#method.strengths(this.#alpha);
    const seed = deriveSeed(this.#drawSeed, `path ${this.#placeOf(count)}`);
    return { weights: samplePath(strengths, this.#space, seed), isPath: true };
  }

  /** Lets the method measure what the candidates put out, if it wants to. */
  #measure(): void {
    const { epoch, epochs: planned } = this.clock;
    const measured = () => this.#importance();
    const alpha = this.#method.measure?.(this.alpha, { epochs: epoch + 1, planned, space: this.#space }, measured);
    if (alpha !== undefined) this.#alpha = alpha;
  }

  /** How little each candidate's outputs tell apart: the mean over the weights' images of the epoch, with the statistics of each batch. */
  #importance(): Float64Array {
    const { epoch, stepsPerEpoch } = this.clock;
    const network = this.#network;
    network.setMixing(this.#draw("evaluation").weights);
    const sums = new Float64Array(network.mixingCount);
    let images = 0;
    for (let step = 0; step < stepsPerEpoch; step++) {
      const source = this.#source(this.#weightOrder.at(epoch, step), epoch);
      const { count } = network.forward(source, { training: true, statisticsMomentum: 0, measuresTerms: true });
      network.termImportance().forEach((value, i) => sums[i]! += count * value);
      images += count;
    }
    return sums.map((sum) => sum / images);
  }

  /** Lets the method choose in the end, if it does. */
  #conclude(): void {
    const { split: { validation }, settings: { batch } } = this.#options;
    const passes = validation.reduce((sum, { length }) => sum + Math.ceil(length / batch), 0);
    const most = Math.max(1, Math.floor(this.clock.epochs * this.clock.stepsPerEpoch / passes));
    const accuracyOf = (mixing: Float32Array) => this.#accuracyOf(mixing);
    const alpha = this.#method.conclude?.(this.alpha, { most, seed: this.#drawSeed, accuracyOf });
    if (alpha !== undefined) this.#alpha = alpha;
  }

  /** Accuracy of a part of the supernet with the statistics of each batch: the gradients of the pass are of no use here. */
  #accuracyOf(mixing: Float32Array): number {
    const { split: { validation }, data, settings: { batch } } = this.#options;
    this.#network.setMixing(mixing);
    return averageEvaluations(validation.map((indices) => {
      const tally = new Tally();
      for (let start = 0; start < indices.length; start += batch) {
        const source = batchSource(data, indices.subarray(start, start + batch), { seed: 0, epoch: 0 });
        tally.add(this.#network.backward(source, { weightGradients: "live" }));
      }
      return tally.evaluation();
    })).accuracy;
  }

  #draw(purpose: Purpose): MixingDraw {
    return this.#method.mix(this.#alpha, this.#context(purpose));
  }

  #context(purpose: Purpose): DrawContext {
    const { epoch, step } = this.clock;
    return { purpose, seed: this.#drawSeed, epoch, step: this.#placeOf(step) };
  }

  /** Number of a step among those of all shares: no two of them draw the same. */
  #placeOf(step: number): number {
    return step * this.#shard.of + this.#shard.index;
  }

  #source(indices: Uint32Array, epoch: number, objective = this.#options.objective): BatchSource {
    const { data, augment } = this.#options;
    return batchSource(data, indices, { augment, objective, seed: this.#augmentSeed, epoch });
  }
}

function checkAlpha({ network, method, alpha }: BilevelOptions): void {
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
}
