import { type BatchSource, type Network, SLOT } from "../engine/mod.ts";

/** One virtual step of the weights and what it needs. */
export interface UnrolledOptions {
  /** Batch from which the weights will learn. */
  readonly train: BatchSource;
  /** Batch on which alpha is judged. */
  readonly validation: BatchSource;
  /** Learning rate of the virtual step, that of the weights now. */
  readonly learningRate: number;
  /** Momentum of the weights' optimiser. */
  readonly momentum: number;
  /** Weight decay of the weights' optimiser. */
  readonly weightDecay: number;
  /** Slot of the network for the gradient of the validation loss by the virtual weights; it is not kept if left out. */
  readonly slot?: number | undefined;
  /** Pulls a gradient of the mixing weights, which are set in the network, back to alpha. */
  toAlpha(mixingGradient: Float32Array): Float32Array;
}

/** Gradient of the validation loss after a virtual step, and what the passes gave. */
export interface UnrolledGradient {
  /** Gradient with respect to alpha. */
  readonly gradient: Float32Array;
  /** Validation loss at the virtual weights. */
  readonly loss: number;
  /** Training-mode passes that changed the network's running statistics. */
  readonly batchesTracked: number;
}

const FINITE_STEP = 0.01;

/**
 * Second-order gradient of alpha: that of the validation loss after one step of the weights, through that step.
 *
 * With w' = w − η·(μ·buffer + ∇w L_train(w, α) + λ·w) the gradient is
 * ∇α L_val(w', α) − η·(∇α L_train(w + R·v, α) − ∇α L_train(w − R·v, α)) / 2R,
 * v = ∇w' L_val(w', α), R = 0.01 / ‖v‖. The virtual step clips no gradient. The network's weights, bit for bit, and its
 * momentum are as before afterwards. Running statistics see the training batch three times and the validation batch
 * never, as in the reference, where a copy of the model takes the virtual step.
 * Source: DARTS, equations 6 to 8, and its `architect.py`.
 *
 * @param network The supernet with its mixing weights set.
 * @param options Batches and optimiser.
 * @returns The gradient. Four passes; two further copies of the weights while it lasts.
 */
export function unrolledAlphaGradient(network: Network, options: UnrolledOptions): UnrolledGradient {
  const { train, validation, learningRate, momentum, weightDecay, slot, toAlpha } = options;
  const { vectors } = network;
  const weights = vectors.allocate();
  const direction = vectors.allocate();
  try {
    network.backward(train, { weightGradients: true });
    vectors.copy(SLOT.values, weights);
    vectors.axpy(-learningRate * momentum, SLOT.momentum, SLOT.values);
    vectors.axpy(-learningRate, SLOT.gradients, SLOT.values);
    vectors.axpy(-learningRate * weightDecay, weights, SLOT.values);

    const { loss } = network.backward(validation, { weightGradients: true, statisticsMomentum: 0 });
    const gradient = toAlpha(network.mixingGradient());
    vectors.copy(SLOT.gradients, direction);
    if (slot !== undefined) vectors.copy(SLOT.gradients, slot);
    const norm = vectors.norm(direction);
    // A flat validation loss has no direction to differentiate along: the second term is zero.
    const radius = norm > 0 ? FINITE_STEP / norm : 0;

    const [above, below] = [1, -1].map((sign) => {
      vectors.copy(weights, SLOT.values);
      vectors.axpy(sign * radius, direction, SLOT.values);
      network.backward(train, { weightGradients: false });
      return toAlpha(network.mixingGradient());
    });
    vectors.copy(weights, SLOT.values);
    if (radius > 0) {
      for (let i = 0; i < gradient.length; i++) {
        gradient[i]! -= learningRate * (above![i]! - below![i]!) / (2 * radius);
      }
    }
    return { gradient, loss, batchesTracked: 3 };
  } finally {
    vectors.free(direction);
    vectors.free(weights);
  }
}
