import { cosinePlan, type EpochPlan } from "../network/mod.ts";
import { defaultSizes, makeSpace, pickSizes, type Space } from "../spaces/mod.ts";
import {
  type BilevelSettings,
  DARTS_LEARNING_RATE,
  DARTS_SETTINGS,
  DARTS_TRAINING,
  methodRow,
  type TrainingSettings,
} from "../search/mod.ts";
import type { Dataset } from "../data/mod.ts";

/** Sizes of a network as a user chooses them. */
export interface SizeOptions {
  /** Kind of search space. */
  readonly space: string;
  /** Channels of a node in the first cell. */
  readonly channels: number;
  /** Cells, one after another. */
  readonly cells: number;
  /** Intermediate nodes of a cell. */
  readonly nodes: number;
}

/** How a supernet is searched, as a user chooses it. */
export interface BilevelChoices {
  /** Search method. */
  readonly method: string;
  /** First or second order of alpha's gradient. */
  readonly order: 1 | 2;
  /** Images a batch; if left out, {@linkcode searchBatchFor} the dataset. */
  readonly batch?: number;
  /** Learning rate of the weights in the first epoch. */
  readonly learningRate: number;
  /** Learning rate of alpha. */
  readonly alphaLearningRate: number;
  /** Alpha learns in every n-th step. */
  readonly alphaEvery: number;
  /** Share of the steps in which weights learn in a single network drawn from the supernet. */
  readonly pathShare: number;
  /** Share of the training images from which the weights learn; alpha and the validation have the rest. */
  readonly weightShare: number;
  /** Batches whose means running statistics become before each validation. */
  readonly recalibration: number;
  /** Validations in the first epoch, evenly spread, the last at its end; the e-th epoch has the e-th part of them, rounded up. */
  readonly validations: number;
}

/** How a final network is trained, as a user chooses it. */
export interface TrainingChoices {
  /** Number of epochs. */
  readonly trainEpochs: number;
  /** Images a batch; if left out, {@linkcode batchFor} the dataset. */
  readonly trainBatch?: number;
  /** Learning rate of the first epoch; it falls to 0 along a cosine. */
  readonly trainLearningRate: number;
  /** Share of paths dropped at the end; it grows from 0. */
  readonly dropPath: number;
  /** Share of the auxiliary head's loss; 0 for no such head. */
  readonly auxiliary: number;
  /** Side in pixels of the square that is cut out of training images; the dataset's own if left out. */
  readonly cutout?: number;
}

/** Small sizes that a laptop searches in minutes. */
export const DEFAULT_SIZES = { space: "darts", ...defaultSizes("darts") } as unknown as SizeOptions;

/** The paper's search, but for the number of epochs. */
export const DEFAULT_BILEVEL: BilevelChoices = {
  method: "darts",
  order: 1,
  learningRate: DARTS_LEARNING_RATE.first,
  alphaLearningRate: DARTS_SETTINGS.alphaLearningRate,
  alphaEvery: DARTS_SETTINGS.alphaEvery,
  pathShare: DARTS_SETTINGS.pathShare,
  weightShare: 0.5,
  recalibration: 16,
  validations: 1,
};

/** Our own recipe for few epochs: the paper's drop-path and auxiliary head help a network that trains for hundreds. */
export const DEFAULT_TRAINING: TrainingChoices = {
  trainEpochs: 15,
  trainLearningRate: DARTS_TRAINING.firstLearningRate,
  dropPath: 0,
  auxiliary: 0,
};

/** The search space of a dataset at the sizes chosen. */
export function spaceFor(
  dataset: Pick<Dataset, "classes" | "height" | "width" | "channels">,
  sizes: SizeOptions,
): Space {
  const { classes, height, width, channels: inputChannels } = dataset;
  const basis = { name: sizes.space, classes: classes.length, inputChannels, height, width };
  return makeSpace(basis, pickSizes(sizes.space, sizes));
}

/**
 * Images a batch for a dataset: the paper's 64, but 32 where there are few images, whose epochs would have few steps.
 *
 * @param dataset The dataset.
 * @returns The number.
 */
export function batchFor({ train }: { readonly train: { readonly count: number } }): number {
  return train.count < FEW_IMAGES ? DARTS_SETTINGS.batch / 2 : DARTS_SETTINGS.batch;
}

const FEW_IMAGES = 5000;

/**
 * Images a batch of a search or a finetuning: a quarter of the paper's where images are so few that a search would be short
 * of steps (docs/results.md, Tuning), and {@linkcode batchFor} the dataset elsewhere. Half of the images are alpha's.
 *
 * @param dataset The dataset.
 * @returns The number.
 */
export function searchBatchFor(dataset: { readonly train: { readonly count: number } }): number {
  return dataset.train.count < FEW_TO_SEARCH ? DARTS_SETTINGS.batch / 4 : batchFor(dataset);
}

const FEW_TO_SEARCH = 2500;

/** Settings of the bilevel loop for a user's choices; the rest are the paper's. */
export function bilevelSettings(
  dataset: { readonly train: { readonly count: number } },
  choices: BilevelChoices,
): BilevelSettings {
  const { order, batch = searchBatchFor(dataset), alphaLearningRate, alphaEvery, pathShare } = choices;
  const recalibrationBatches = choices.recalibration;
  const common = { ...DARTS_SETTINGS, ...methodRow(choices.method).settings };
  return { ...common, order, batch, alphaLearningRate, alphaEvery, pathShare, recalibrationBatches };
}

/** Settings of a training for a user's choices; the rest are the paper's. */
export function trainingSettings(
  dataset: { readonly train: { readonly count: number } },
  choices: TrainingChoices,
): TrainingSettings {
  const { trainEpochs: epochs, trainBatch: batch = batchFor(dataset), dropPath } = choices;
  return { ...DARTS_TRAINING, epochs, batch, firstLearningRate: choices.trainLearningRate, dropPath };
}

/** A dataset's augmentation with the user's cutout. */
export function augmentationFor({ augmentation }: Dataset, { cutout = augmentation.cutout }: TrainingChoices) {
  return { ...augmentation, cutout };
}

/** The paper's plan of a search from scratch, for a number of epochs. */
export function searchPlan(epochs: number, { learningRate }: BilevelChoices): EpochPlan[] {
  // The paper's last rate is a fixed share of its first.
  const share = DARTS_LEARNING_RATE.last / DARTS_LEARNING_RATE.first;
  return cosinePlan({ epochs, first: learningRate, last: learningRate * share });
}
