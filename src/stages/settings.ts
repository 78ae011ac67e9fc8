import type { Dataset } from "../data/mod.ts";
import { cosinePlan, type EpochPlan } from "../network/mod.ts";
import {
  batchFor,
  type BilevelSettings,
  DARTS_LEARNING_RATE,
  DARTS_SETTINGS,
  DARTS_TRAINING,
  methodRow,
  OLES_STOPPING,
  searchBatchFor,
  type TrainingSettings,
} from "../search/mod.ts";
import { makeSpace, type Sizes, type Space } from "../spaces/mod.ts";
import type { Variation } from "../batches/mod.ts";
import type { SearchGroup, SizeGroup, TrainingGroup, WeightsGroup } from "./groups.ts";

/**
 * The search space of a dataset at the sizes chosen.
 *
 * @param dataset Its classes and the size of its images.
 * @param sizes Kind of space, and sizes in which it differs from the defaults of the kind.
 * @returns The space.
 * @throws {TypeError | RangeError} If there is no such kind or size, or a size is out of bounds.
 */
export function spaceFor(
  dataset: Pick<Dataset, "classes" | "height" | "width" | "channels">,
  { space: name, ...sizes }: SizeGroup,
): Space {
  const { classes, height, width, channels: inputChannels } = dataset;
  return makeSpace({ name, classes: classes.length, inputChannels, height, width }, sizes as Sizes);
}

/**
 * Settings of the bilevel loop for a user's choices; the rest are the paper's.
 *
 * @param dataset The dataset, whose size decides on the batch where the user does not.
 * @param search The choices.
 * @param weights Which weights count; the last ones if left out.
 * @returns The settings.
 */
export function bilevelSettings(
  dataset: { readonly train: { readonly count: number } },
  search: SearchGroup,
  weights: WeightsGroup = {},
): BilevelSettings {
  const { order, batch = searchBatchFor(dataset), alphaEvery, pathShare, recalibration } = search;
  const { alphaLearningRate = DARTS_SETTINGS.alphaLearningRate, stopBelow: threshold, head } = search;
  const own = methodRow(search.method).settings;
  return {
    ...DARTS_SETTINGS,
    ...own,
    order,
    batch,
    alphaLearningRate,
    alphaEvery,
    pathShare,
    operationStopping: threshold === undefined ? own?.operationStopping : { ...OLES_STOPPING, threshold },
    recalibrationBatches: recalibration,
    refitsHead: head === "refitted",
    ...meanOf(weights),
  };
}

/**
 * Settings of a training for a user's choices; the rest are the paper's.
 *
 * @param dataset The dataset, whose size decides on the batch where the user does not.
 * @param training The choices.
 * @param weights Which weights count; the last ones if left out.
 * @returns The settings.
 */
export function trainingSettings(
  dataset: { readonly train: { readonly count: number } },
  { epochs, batch = batchFor(dataset), learningRate, dropPath }: TrainingGroup,
  weights: WeightsGroup = {},
): TrainingSettings {
  return { ...DARTS_TRAINING, epochs, batch, firstLearningRate: learningRate, dropPath, ...meanOf(weights) };
}

/** The decay of a mean where there is one: cards and settings of before have none. */
function meanOf({ mean = 0 }: WeightsGroup): { weightsMean?: number } {
  return mean > 0 ? { weightsMean: mean } : {};
}

/**
 * How training images are varied: as their dataset allows, with the user's cutout.
 *
 * @param training `cutout`: side of the square in pixels; the dataset's own if left out.
 * @returns What differs from the dataset's augmentation.
 */
export function variationFor({ cutout }: Pick<TrainingGroup, "cutout">): Variation {
  return cutout === undefined ? {} : { cutout };
}

/**
 * The paper's plan of a search from scratch: one entry an epoch.
 *
 * @param search Number of epochs, and learning rate of the first.
 * @returns The plan.
 */
export function searchPlan({ epochs, learningRate }: Pick<SearchGroup, "epochs" | "learningRate">): EpochPlan[] {
  // The paper's last rate is a fixed share of its first.
  const share = DARTS_LEARNING_RATE.last / DARTS_LEARNING_RATE.first;
  return cosinePlan({ epochs, first: learningRate, last: learningRate * share });
}
