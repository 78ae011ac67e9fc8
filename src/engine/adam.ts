import type { Kernels } from "./kernels.ts";

/** Settings of Adam (Kingma & Ba 2015; weight decay as L2, as in PyTorch's `Adam`). */
export interface AdamOptions {
  /** Step size. */
  learningRate: number;
  /** Decay of the first moment. */
  beta1: number;
  /** Decay of the second moment. */
  beta2: number;
  /** Added to the root of the second moment. */
  epsilon: number;
  /** L2 penalty. */
  weightDecay: number;
}

/** Moments, to be saved and restored. */
export interface AdamMoments {
  /** First moments. */
  first: Float32Array;
  /** Second moments. */
  second: Float32Array;
  /** Steps taken. */
  steps: number;
}

/** Adam over one small vector. */
export class AdamState {
  readonly #kernels: Kernels;
  readonly #options: AdamOptions;
  #moments: AdamMoments;

  /** Zero moments for `size` numbers. */
  constructor(kernels: Kernels, size: number, options: AdamOptions) {
    this.#kernels = kernels;
    this.#options = options;
    this.#moments = { first: new Float32Array(size), second: new Float32Array(size), steps: 0 };
  }

  /**
   * One step.
   *
   * @param values Present values, left as they are.
   * @param gradient Their gradient.
   * @returns The new values.
   * @throws {Error} If the lengths differ.
   */
  step(values: Float32Array, gradient: Float32Array): Float32Array {
    const { first, second } = this.#moments;
    const count = first.length;
    const { learningRate, beta1, beta2, epsilon, weightDecay } = this.#options;
    const state = new Float32Array(values.length + 2 * count);
    state.set(values);
    state.set(first, values.length);
    state.set(second, values.length + count);
    const steps = this.#moments.steps + 1;
    const settings = new Float64Array([learningRate, beta1, beta2, epsilon, weightDecay]);
    const next = this.#kernels.adam_step(state, gradient, steps, settings);
    this.#moments = { first: next.slice(count, 2 * count), second: next.slice(2 * count), steps };
    return next.slice(0, count);
  }

  /** A copy of the moments. */
  moments(): AdamMoments {
    const { first, second, steps } = this.#moments;
    return { first: first.slice(), second: second.slice(), steps };
  }

  /**
   * Goes back to saved moments.
   *
   * @throws {RangeError} If their length differs.
   */
  restore(moments: AdamMoments): void {
    const count = this.#moments.first.length;
    if (moments.first.length !== count || moments.second.length !== count) {
      throw new RangeError(`Cannot restore Adam: found ${moments.first.length} moments, expected ${count}`);
    }
    this.#moments = { first: moments.first.slice(), second: moments.second.slice(), steps: moments.steps };
  }
}
