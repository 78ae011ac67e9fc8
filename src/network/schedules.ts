/** Which weights of a network learn: all, or those of its classifier alone. */
export type Learns = "all" | "head";

/** What one epoch of a search does. Plain data. */
export interface EpochPlan {
  /** Learning rate of the weights, from the first step of the epoch to the last. */
  readonly learningRate: number;
  /** Whether the architecture parameters learn as well. */
  readonly updatesAlpha: boolean;
  /** Which weights learn. */
  readonly learns: Learns;
}

/** Course of a cosine learning rate. */
export interface CosineOptions {
  /** Number of epochs. */
  readonly epochs: number;
  /** Learning rate of epoch 0. */
  readonly first: number;
  /** Learning rate that would be reached in the epoch after the last. */
  readonly last: number;
}

/**
 * Learning rate of an epoch on half a wave of a cosine, as PyTorch's `CosineAnnealingLR` stepped once an epoch.
 *
 * @param epoch Epoch, from 0.
 * @param options Number of epochs, and learning rates at both ends.
 * @returns The learning rate.
 */
export function cosineLearningRate(epoch: number, { epochs, first, last }: CosineOptions): number {
  return last + (first - last) * (1 + Math.cos(Math.PI * epoch / epochs)) / 2;
}

/**
 * Plans epochs with a cosine learning rate in which weights and architecture learn throughout: DARTS' search.
 *
 * @param options Number of epochs, and learning rates at both ends.
 * @returns One entry an epoch.
 * @example From the first rate, through the middle, towards the last
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { cosinePlan } from "./mod.ts";
 *
 * const plan = cosinePlan({ epochs: 10, first: 0.1, last: 0 });
 * assertEquals(plan.length, 10);
 * assertEquals(plan[0], { learningRate: 0.1, updatesAlpha: true, learns: "all" });
 * assertAlmostEquals(plan[5]!.learningRate, 0.05);
 * ```
 */
export function cosinePlan(options: CosineOptions): EpochPlan[] {
  return Array.from({ length: options.epochs }, (_, epoch) => ({
    learningRate: cosineLearningRate(epoch, options),
    updatesAlpha: true,
    learns: "all",
  }));
}

/**
 * Share of paths that drop-path drops in an epoch: it grows linearly from 0, as in DARTS' evaluation.
 *
 * @param epoch Epoch, from 0.
 * @param options Number of epochs, and the probability that would be reached in the epoch after the last.
 * @returns The probability.
 */
export function dropPathProbability(epoch: number, options: { epochs: number; probability: number }): number {
  return options.probability * epoch / options.epochs;
}
