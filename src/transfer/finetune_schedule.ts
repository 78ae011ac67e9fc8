import { cosineLearningRate, cosinePlan, type EpochPlan } from "../network/mod.ts";
import { type Prior, takesWeights } from "./graft.ts";

/** How a grafted supernet is finetuned. Plain data. */
export interface FinetuneSettings {
  /** Number of epochs in all, the warm-up among them. */
  readonly epochs: number;
  /** Epochs at the start in which only the new head learns. */
  readonly warmUpEpochs: number;
  /** Learning rate of the head in these epochs. */
  readonly warmUpLearningRate: number;
  /** Learning rate of the first epoch after them. */
  readonly firstLearningRate: number;
  /** Learning rate towards which the cosine falls. */
  readonly lastLearningRate: number;
}

/**
 * Our own recipe; the paper's is not published in what we could read. No warm-up: a head in closed form needs none. The
 * learning rate was tuned on datasets that docs/results.md names.
 */
export const FINETUNE_SETTINGS: FinetuneSettings = {
  epochs: 10,
  warmUpEpochs: 0,
  warmUpLearningRate: 0.1,
  firstLearningRate: 0.025,
  lastLearningRate: 0.001,
};

/**
 * Plans the epochs of finetuning.
 *
 * Where weights were taken over, the new head learns alone in the epochs of warm-up, if there are any (a head of random
 * weights would spoil the body's), then weights and alpha learn together while the learning rate falls. Where they were not, there is nothing to protect, and
 * the plan is that of a search from scratch of as many epochs.
 *
 * @param prior What was taken over.
 * @param settings Epochs and learning rates.
 * @returns One entry an epoch.
 * @throws {RangeError} If the warm-up is as long as the whole.
 * @example Two epochs in which only the head learns
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FINETUNE_SETTINGS, finetunePlan } from "./mod.ts";
 *
 * const plan = finetunePlan("weights", { ...FINETUNE_SETTINGS, epochs: 5, warmUpEpochs: 2 });
 * assertEquals(plan.map(({ learns }) => learns), ["head", "head", "all", "all", "all"]);
 * assertEquals(plan[2]!.learningRate, FINETUNE_SETTINGS.firstLearningRate);
 * ```
 */
export function finetunePlan(prior: Prior, settings: FinetuneSettings): EpochPlan[] {
  const { epochs, warmUpEpochs, warmUpLearningRate, firstLearningRate: first, lastLearningRate: last } = settings;
  if (!takesWeights(prior)) return cosinePlan({ epochs, first, last });
  if (!(Number.isInteger(warmUpEpochs) && warmUpEpochs >= 0 && warmUpEpochs < Math.max(epochs, 1))) {
    throw new RangeError(
      `Cannot plan finetuning: ${warmUpEpochs} of ${epochs} epochs are warm-up, expected 0 to ${epochs - 1}`,
    );
  }
  return Array.from({ length: epochs }, (_, epoch): EpochPlan => {
    if (epoch < warmUpEpochs) return { learningRate: warmUpLearningRate, updatesAlpha: false, learns: "head" };
    const learningRate = cosineLearningRate(epoch - warmUpEpochs, { epochs: epochs - warmUpEpochs, first, last });
    return { learningRate, updatesAlpha: true, learns: "all" };
  });
}
