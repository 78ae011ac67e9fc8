import { type Network, SLOT } from "../engine/mod.ts";
import { collectSlot, type State, type StateTensor } from "../network/mod.ts";

/** What the mean needs of a network. */
export type AveragedNetwork = Pick<Network, "vectors" | "parameters" | "read" | "write">;

/**
 * Exponential mean of a network's weights over the steps in which they learn: θ' ← d·θ' + (1 − d)·θ after each. In the first
 * steps d is smaller, so that the mean is not that of the weights of the beginning. Source: Polyak & Juditsky 1992; the warm-up is
 * that of TensorFlow's `ExponentialMovingAverage`, d = min(decay, (1 + t) / (10 + t)) after t steps.
 */
export class WeightsMean {
  readonly #network: AveragedNetwork;
  readonly #decay: number;
  readonly #slot: number;

  /**
   * @param network The network, whose weights of now the mean begins with.
   * @param decay Share of the mean that stays in a step, 0 to less than 1.
   */
  constructor(network: AveragedNetwork, decay: number) {
    this.#network = network;
    this.#decay = decay;
    this.#slot = network.vectors.allocate();
    network.vectors.copy(SLOT.values, this.#slot);
  }

  /**
   * Lets the mean follow a step.
   *
   * @param steps Steps that are done, this one included.
   */
  follow(steps: number): void {
    const decay = Math.min(this.#decay, (1 + steps) / (10 + steps));
    this.#network.vectors.blend(1 - decay, SLOT.values, this.#slot);
  }

  /**
   * Does something with the mean in place of the network's weights, which are the same bits as before afterwards. Running statistics
   * are not the mean's until they are measured.
   *
   * @param work What is done.
   * @returns What it returns.
   */
  use<Result>(work: () => Result): Result {
    const { vectors } = this.#network;
    const own = vectors.allocate();
    vectors.copy(SLOT.values, own);
    try {
      vectors.copy(this.#slot, SLOT.values);
      return work();
    } finally {
      vectors.copy(own, SLOT.values);
      vectors.free(own);
    }
  }

  /** Gives the network the mean for good. */
  adopt(): void {
    this.#network.vectors.copy(this.#slot, SLOT.values);
  }

  /** Copies the mean. */
  state(): State {
    return collectSlot(this.#network, this.#slot);
  }

  /**
   * Goes back to a mean.
   *
   * @param state What `state` gave.
   * @throws {RangeError} If a tensor is missing or of another size.
   */
  restore(state: State | undefined): void {
    for (const { name, shape } of this.#network.parameters) {
      const data = state?.get(name)?.data;
      const size = shape.reduce((product, length) => product * length, 1);
      if (!(data instanceof Float32Array && data.length === size)) {
        throw new RangeError(
          `Cannot resume: the mean of ${name} holds ${data?.length ?? "no"} numbers, expected ${size}`,
        );
      }
      this.#network.write(name, data, this.#slot);
    }
  }
}

/**
 * Begins a mean where one is asked for.
 *
 * @param network The network.
 * @param decay Share of the mean that stays in a step; 0 or left out: none is kept.
 * @returns The mean, if any.
 */
export function keepMean(network: AveragedNetwork, decay = 0): WeightsMean | undefined {
  return decay > 0 ? new WeightsMean(network, decay) : undefined;
}

/**
 * Does something with the mean in place of the weights ({@linkcode WeightsMean.use}), or with the weights where none is kept.
 *
 * @param mean The mean, if any.
 * @param work What is done.
 * @returns What it returns.
 */
export function withMean<Result>(mean: WeightsMean | undefined, work: () => Result): Result {
  return mean ? mean.use(work) : work();
}

/** Batches that a mean needs where nobody has said: it has no running statistics of its own. */
const MEAN_BATCHES = 32;

/**
 * Batches whose means running statistics become before a network is evaluated.
 *
 * @param wanted As many as were asked for.
 * @param weightsMean Decay of the mean of weights that is evaluated, if any is.
 * @returns At least one where a mean is evaluated: running statistics are those of the weights that it is not.
 */
export function recalibrationBatches(wanted: number, weightsMean = 0): number {
  return wanted === 0 && weightsMean > 0 ? MEAN_BATCHES : wanted;
}

const PREFIX = "weights_mean.";

/**
 * Whether a checkpoint's tensor belongs to a mean of weights.
 *
 * @param name Its name in the checkpoint.
 * @returns Whether it is one of those that {@linkcode encodeWeightsMean} names.
 */
export function isOfWeightsMean(name: string): boolean {
  return name.startsWith(PREFIX);
}

/**
 * Names the tensors of a mean of weights, for a checkpoint.
 *
 * @param mean The mean, if there is one.
 * @returns `weights_mean.NAME` for every parameter; nothing without a mean.
 */
export function encodeWeightsMean(mean: State | undefined): [string, StateTensor][] {
  return Array.from(mean ?? [], ([name, tensor]) => [`${PREFIX}${name}`, tensor]);
}

/**
 * Finds a mean of weights among the tensors of a checkpoint.
 *
 * @param tensors The tensors.
 * @returns The mean; undefined if there is none.
 */
export function decodeWeightsMean(tensors: State): State | undefined {
  const found = [...tensors].filter(([name]) => isOfWeightsMean(name));
  return found.length === 0 ? undefined : new Map(found.map(([name, tensor]) => [name.slice(PREFIX.length), tensor]));
}
