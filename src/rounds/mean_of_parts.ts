import { type Network, SLOT } from "../engine/mod.ts";
import type { TensorLike } from "../formats/mod.ts";
import { asState, collectSlot, restoreNetwork } from "../network/mod.ts";
import {
  decodeSearchState,
  decodeWeightsMean,
  isOfSearch,
  meanOfScores,
  type SearchMethod,
  type SearchProgress,
  type SearchState,
} from "../search/mod.ts";
import type { KeptState } from "./round_files.ts";

/** What several parts of a round came to, together. */
export interface Mean {
  /** Slot with the mean of the weights. */
  readonly weights: number;
  /** State of the search: means, and sums of what was counted. */
  readonly search: SearchState;
}

/**
 * Takes the mean of parts, one after another: weights, momentum, exponential mean of the weights, running statistics, alpha and its
 * moments. Of a single part it is that part, bit for bit. The kernels add weights up.
 */
export class MeanOfParts {
  readonly #network: Network;
  readonly #count: number;
  readonly #old: number;
  readonly #weights: number;
  readonly #momentum: number;
  /** The exponential means' slots: their mean, and the one of a part. */
  readonly #means: readonly [sum: number, part: number] | undefined;
  readonly #statistics: ReadonlyMap<string, Float64Array>;
  readonly #states: SearchState[] = [];

  /**
   * @param network The network; between `add` and `finish` its values are those of a part.
   * @param options Number of parts; whether the search keeps an exponential mean of its weights.
   */
  constructor(network: Network, { count, hasMean }: { count: number; hasMean: boolean }) {
    const { vectors, buffers } = network;
    this.#network = network;
    this.#count = count;
    [this.#old, this.#weights, this.#momentum] = [vectors.allocate(), vectors.allocate(), vectors.allocate()];
    this.#means = hasMean ? [vectors.allocate(), vectors.allocate()] : undefined;
    this.#statistics = new Map(buffers.map(({ name }) => [name, new Float64Array(network.read(name).length)]));
    vectors.copy(SLOT.values, this.#old);
  }

  /**
   * Adds a part.
   *
   * @param part All that its worker wrote, of a {@linkcode SearchProgress}.
   * @param method Names the tensors of alpha.
   * @throws {RangeError} If it is that of another network.
   */
  add({ tensors, progress }: KeptState, method: Pick<SearchMethod, "parameters">): void {
    restoreNetwork(this.#network, tensors, (name) => isOfSearch(name, method));
    this.#gather(SLOT.values, this.#weights);
    this.#gather(SLOT.momentum, this.#momentum);
    if (this.#means) {
      this.#writeMean(tensors, this.#means[1]);
      this.#gather(this.#means[1], this.#means[0]);
    }
    for (const [name, sum] of this.#statistics) {
      this.#network.read(name).forEach((value, i) => sum[i]! += value);
    }
    this.#states.push(decodeSearchState(asState(tensors), progress as SearchProgress, method));
  }

  /**
   * The mean. The network has its old weights again, and the mean of momentum and running statistics.
   *
   * @param before Training-mode passes that the running statistics had seen before the round.
   */
  finish(before: number): Mean {
    const { vectors } = this.#network;
    vectors.copy(this.#old, SLOT.values);
    vectors.copy(this.#momentum, SLOT.momentum);
    for (const [name, sum] of this.#statistics) {
      this.#network.write(name, Float32Array.from(sum, (value) => value / this.#count));
    }
    const mean = this.#means && collectSlot(this.#network, this.#means[0]);
    return { weights: this.#weights, search: { ...meanState(this.#states, before), mean } };
  }

  /** Frees the slots. */
  free(): void {
    const slots = [this.#old, this.#weights, this.#momentum, ...this.#means ?? []];
    for (const slot of slots) this.#network.vectors.free(slot);
  }

  #gather(from: number, sum: number): void {
    const { vectors } = this.#network;
    if (this.#count === 1) vectors.copy(from, sum);
    else vectors.axpy(1 / this.#count, from, sum);
  }

  #writeMean(tensors: ReadonlyMap<string, TensorLike>, slot: number): void {
    const mean = decodeWeightsMean(asState(tensors));
    for (const { name } of this.#network.parameters) {
      const data = mean?.get(name)?.data;
      if (!(data instanceof Float32Array)) throw new RangeError(`Cannot take the mean: that of ${name} is missing`);
      this.#network.write(name, data, slot);
    }
  }
}

/** Means of alpha and its moments, and sums of what was counted. */
function meanState(states: readonly SearchState[], before: number): SearchState {
  const first = states[0]!;
  if (states.length === 1) return first;
  const sum = (pick: (state: SearchState) => number) => states.reduce((total, state) => total + pick(state), 0);
  const mean = (pick: (state: SearchState) => Float32Array) =>
    pick(first).map((_, i) => sum((state) => pick(state)[i]!) / states.length);
  const tally = (pick: (state: SearchState) => SearchState["tally"]) => ({
    loss: sum((state) => pick(state).loss),
    correct: sum((state) => pick(state).correct),
    count: sum((state) => pick(state).count),
  });
  return {
    ...first,
    alpha: mean(({ alpha }) => alpha),
    stopping: first.stopping && meanOfScores(states.map(({ stopping }) => stopping!)),
    moments: {
      first: mean(({ moments }) => moments.first),
      second: mean(({ moments }) => moments.second),
      steps: first.moments.steps,
    },
    batchesTracked: before + sum(({ batchesTracked }) => batchesTracked - before),
    tally: tally(({ tally }) => tally),
    partTallies: first.partTallies.map((_, part) => tally(({ partTallies }) => partTallies[part]!)),
  };
}
