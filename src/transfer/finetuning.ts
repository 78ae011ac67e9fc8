import type { Engine, Network } from "../engine/mod.ts";
import { deriveSeed, initialiseNetwork, type Learns, loadState, type State } from "../network/mod.ts";
import { BatchOrder, type LabelledImages, type Objective, type SearchSplit, type Variation } from "../batches/mod.ts";
import {
  fitHead,
  type FittedHead,
  type HeadData,
  recalibrationBatches,
  temperHead,
  type TrainingSettings,
  Validator,
  WeightTraining,
} from "../search/mod.ts";

/** What a network of fixed architecture is finetuned on, and how. */
export interface Finetuning {
  /** Draws, fits and evaluates. */
  readonly engine: Engine;
  /** Images and labels. */
  readonly data: LabelledImages;
  /** Those from which weights learn; the others, from which alpha would, validate. */
  readonly split: SearchSplit;
  /** Which weights learn. */
  readonly learns: Learns;
  /** How they learn. */
  readonly settings: TrainingSettings;
  /** Batches whose means running statistics become before each validation. */
  readonly recalibration: number;
  /** Whether the head is fitted again at every validation, or before the first step only. */
  readonly refitsHead: boolean;
  /** Random changes to the training images. */
  readonly augment: Variation;
  /** What is minimised; the plain cross-entropy if left out. */
  readonly objective?: Objective | undefined;
  /** The user's seed. */
  readonly seed: number;
}

/**
 * Begins a finetuning: a new head in closed form on a body that was trained elsewhere.
 *
 * @param network The network; all of it is overwritten.
 * @param body Weights and statistics of its body; what it lacks starts at random.
 * @param options What it is finetuned on, and how.
 * @returns What learns, and how well the head does.
 * @throws {RangeError} If the body does not fit the network, or there are too few images.
 */
export function beginFinetuning(
  network: Network,
  body: State,
  options: Finetuning,
): { learner: WeightTraining; head: FittedHead } {
  const { split, settings: { batch } } = options;
  const { batchesTracked, head } = fitNewHead(network, body, { ...options, indices: split.weights.at(0), batch });
  return { learner: reopenFinetuning(network, options, batchesTracked), head };
}

/**
 * Gives a network a body that was trained elsewhere, and a head in closed form.
 *
 * @param network The network; all of it is overwritten.
 * @param body Weights and statistics of its body; what it lacks starts at random.
 * @param options Images to which the head is fitted, images a batch, the user's seed.
 * @returns Training-mode passes that the running statistics have seen, and how well the head does.
 * @throws {RangeError} If the body does not fit the network, or there are too few images.
 */
export function fitNewHead(
  network: Network,
  body: State,
  { engine, data, indices, batch, seed }: Omit<HeadData, "seed"> & Pick<Finetuning, "engine" | "seed">,
): { batchesTracked: number; head: FittedHead } {
  initialiseNetwork(network, seed);
  const { batchesTracked } = loadState(network, body, { isPartial: true });
  const head = fitHead(engine, network, { data, indices, batch, seed: deriveSeed(seed, "head batches") });
  return { batchesTracked: batchesTracked + head.batches, head };
}

/**
 * Makes what learns in a finetuning of a network that has its weights.
 *
 * @param network The network.
 * @param options What it is finetuned on, and how.
 * @param batchesTracked Training-mode passes that its running statistics have seen.
 * @returns What learns.
 */
export function reopenFinetuning(network: Network, options: Finetuning, batchesTracked?: number): WeightTraining {
  const { engine, data, split, settings: { batch, weightsMean }, refitsHead, augment, seed } = options;
  const batches = recalibrationBatches(options.recalibration, weightsMean);
  const order = new BatchOrder(engine, split.weights, { batch, seed: deriveSeed(seed, "recalibration batches") });
  const validator = new Validator({
    engine,
    network,
    data,
    weights: split.weights,
    heldOut: split.validation,
    batch,
    refitsHead,
    recalibration: { batches, order, augment, seed },
    seed,
  });
  return new WeightTraining({ ...options, network, images: split.weights, validator }, batchesTracked);
}

/**
 * Fills a network with the same network's weights, for a training that goes on from there.
 *
 * @param network The network; all of it is overwritten.
 * @param state Weights, running statistics and their counters; what they lack starts at random.
 * @param options Which weights are to learn; the user's seed.
 * @returns Training-mode passes that the running statistics have seen.
 * @throws {RangeError} If they do not fit the network.
 */
export function continueNetwork(
  network: Network,
  state: State,
  { learns, seed }: { learns: Learns; seed: number },
): number {
  initialiseNetwork(network, seed);
  const { batchesTracked } = loadState(network, state, { isPartial: true });
  // Its head may be a fitted one; where the body rests, that does no harm.
  if (learns === "all") temperHead(network);
  return batchesTracked;
}
