import type { BatchSource, Network } from "../engine/mod.ts";
import { batchSource, type LabelledImages } from "../batches/mod.ts";

/** How well a network does on a set of images. */
export interface Evaluation {
  /** Mean cross-entropy, in nats. */
  readonly loss: number;
  /** Share of images whose strongest class is right, 0 to 1. */
  readonly accuracy: number;
  /** Number of images. */
  readonly count: number;
}

/**
 * Evaluates a network with its running statistics, without augmentation.
 *
 * @param network The network; a supernet's mixing weights must be set.
 * @param data Images, labels, normalisation.
 * @param options Indices of the images, images a batch, and what looks at the network after each.
 * @returns Mean loss and accuracy.
 * @throws {RangeError} If there are no images.
 */
export function evaluateNetwork(
  network: Pick<Network, "forward">,
  data: LabelledImages,
  { indices, batch, afterBatch }: {
    indices: Uint32Array;
    batch: number;
    afterBatch?: (source: BatchSource) => void;
  },
): Evaluation {
  if (indices.length === 0) throw new RangeError("Cannot evaluate: found no images, expected at least 1");
  const total = new Tally();
  for (let start = 0; start < indices.length; start += batch) {
    const source = batchSource(data, indices.subarray(start, start + batch), { seed: 0, epoch: 0 });
    total.add(network.forward(source, { training: false }));
    afterBatch?.(source);
  }
  return total.evaluation();
}

/**
 * Mean over datasets of their evaluations, each dataset counting alike whatever its size; `count` is that of all images.
 *
 * @param evaluations One a dataset, at least one.
 * @returns Mean loss and accuracy, and the sum of the counts.
 */
export function averageEvaluations(evaluations: readonly Evaluation[]): Evaluation {
  const sum = (pick: (evaluation: Evaluation) => number) =>
    evaluations.reduce((total, evaluation) => total + pick(evaluation), 0);
  return {
    loss: sum(({ loss }) => loss) / evaluations.length,
    accuracy: sum(({ accuracy }) => accuracy) / evaluations.length,
    count: sum(({ count }) => count),
  };
}

/** Sums of an epoch so far. Plain data, so that a checkpoint can hold it. */
export interface TallyState {
  /** Sum of the images' losses. */
  readonly loss: number;
  /** Images classified rightly. */
  readonly correct: number;
  /** Images seen. */
  readonly count: number;
}

/** Adds the results of batches up. */
export class Tally {
  #loss = 0;
  #correct = 0;
  #count = 0;

  /** @param state Sums to continue from. */
  constructor(state: TallyState = { loss: 0, correct: 0, count: 0 }) {
    this.#loss = state.loss;
    this.#correct = state.correct;
    this.#count = state.count;
  }

  /** Adds one batch: its mean loss, its hits and its size. */
  add(result: { loss: number; correct: number; count: number }): void {
    this.#loss += result.loss * result.count;
    this.#correct += result.correct;
    this.#count += result.count;
  }

  /** Adds one image: its loss and whether it was classified rightly. */
  addImage(loss: number, isHit: boolean): void {
    this.#loss += loss;
    this.#correct += Number(isHit);
    this.#count++;
  }

  /** Sums so far. */
  state(): TallyState {
    return { loss: this.#loss, correct: this.#correct, count: this.#count };
  }

  /** Means so far; of nothing, they are NaN. */
  evaluation(): Evaluation {
    return { loss: this.#loss / this.#count, accuracy: this.#correct / this.#count, count: this.#count };
  }
}
