import { DARTS_LEARNING_RATE, DARTS_SETTINGS, DARTS_TRAINING, type HeadStart, listMethods } from "../search/mod.ts";
import { listSpaces } from "../spaces/mod.ts";
import type { ClassWeighting, Sampling } from "../batches/mod.ts";
import type { AugmentationName, ImportSettings } from "../data/mod.ts";

// The groups of options that pipelines share: each has one type and one default here. A pipeline's options hold a group under its
// name (`sizes`, `search`, `training` …), and a setting's path is made of both, such as `search.learningRate`.

/** Sizes of a network, by the names of the settings of its kind of space; those left out are its defaults. */
export interface SizeGroup {
  /** Name of the search space. */
  readonly space: string;
  /** A size. */
  readonly [size: string]: string | number | undefined;
}

/** How a supernet learns its weights and its architecture. */
export interface SearchGroup {
  /** Name of the search method. */
  readonly method: string;
  /** First or second order of alpha's gradient. */
  readonly order: 1 | 2;
  /** Number of epochs; at most so many where it may stop early. */
  readonly epochs: number;
  /** Epochs without progress after which it stops; 0: never. What counts as progress is the pipeline's. */
  readonly patience: number;
  /** Images a batch; if left out, {@linkcode searchBatchFor} the dataset. */
  readonly batch?: number | undefined;
  /** Learning rate of the weights in the first epoch. */
  readonly learningRate: number;
  /** Learning rate of alpha; that of DARTS if left out, and a larger one for a finetuning. */
  readonly alphaLearningRate?: number | undefined;
  /** Alpha learns in every n-th step. */
  readonly alphaEvery: number;
  /** Share of the steps in which weights learn in a single network drawn from the supernet. */
  readonly pathShare: number;
  /** Score below which a candidate operation stops to learn; that of the method, of which most stop none, if left out. */
  readonly stopBelow?: number | undefined;
  /** Share of the training images from which the weights learn; alpha and the validation have the rest. */
  readonly trainPortion: number;
  /** Batches whose means running statistics become before each validation. */
  readonly recalibration: number;
  /** Validations in the first epoch, evenly spread, the last at its end; the e-th epoch has the e-th part of them, rounded up. */
  readonly validations: number;
  /** File of published accuracies that the derived architecture is looked up in at every validation, if the space has some. */
  readonly table?: string | undefined;
  /** Where the head comes from; if left out, it is refitted where weights are taken over and random elsewhere. */
  readonly head?: HeadStart | undefined;
}

/** How a network of fixed architecture is trained on all training images. */
export interface TrainingGroup {
  /** Number of epochs. */
  readonly epochs: number;
  /** Images a batch; if left out, {@linkcode batchFor} the dataset. */
  readonly batch?: number | undefined;
  /** Learning rate of the first epoch; it falls to 0 along a cosine. */
  readonly learningRate: number;
  /** Share of paths dropped at the end; it grows from 0. */
  readonly dropPath: number;
  /** Share of the auxiliary head's loss; 0 for no such head. */
  readonly auxiliary: number;
  /** Side in pixels of the square that is cut out of training images; the dataset's own if left out. */
  readonly cutout?: number | undefined;
}

/** What weights and alpha minimise. */
export interface LossGroup {
  /**
   * How classes count in the cross-entropy of every step; alike by image (`none`) if left out. A head in closed form and all evaluations
   * count images alike.
   */
  readonly classWeights?: ClassWeighting | undefined;
  /** Share of the cross-entropy of every step that all classes have alike (`label_smoothing` in PyTorch); 0 if left out. */
  readonly labelSmoothing?: number | undefined;
}

/** How training images are varied while a network learns. */
export interface VariationGroup {
  /** A row of a table, for every dataset; what each says itself if left out. `--cutout` lies above it. */
  readonly augment?: AugmentationName | undefined;
  /** Mixup of the images from which weights learn: parameter of the Beta distribution of the shares; 0, for none, if left out. */
  readonly mixup?: number | undefined;
  /** CutMix of them, likewise; with both, each image has one by equal chance. */
  readonly cutmix?: number | undefined;
}

/** Which weights a network is validated and left with. */
export interface WeightsGroup {
  /** Decay of their exponential mean over the steps; the last weights themselves if 0 or left out. */
  readonly mean?: number | undefined;
}

/** What all that learns has in common. */
export interface LearningGroups {
  /** What is minimised. */
  readonly loss?: LossGroup | undefined;
  /** How training images are varied. */
  readonly variation?: VariationGroup | undefined;
  /** Which weights count. */
  readonly weights?: WeightsGroup | undefined;
}

/**
 * Takes those groups out of options that hold others, too, to hand them on: none is forgotten that comes later.
 *
 * @param options The options; or settings of a run, unchecked.
 * @returns The groups of {@linkcode LearningGroups}.
 */
export function learningOf<Options extends { readonly [name in keyof LearningGroups]?: unknown }>(
  { loss, variation, weights }: Options,
): Pick<Options, keyof LearningGroups> {
  return { loss, variation, weights } as Pick<Options, keyof LearningGroups>;
}

/** What a transfer starts from. */
export interface SourceGroup {
  /**
   * Entry of the zoo, by name or folder; `auto` for the one whose data is nearest to the target, `single` for the nearest of those
   * with a single dataset, `random` for one by the seed.
   */
  readonly name: string;
  /** Folder of the zoo; that of the project if left out. */
  readonly zoo?: string | undefined;
}

/** An entry of a zoo that is written. */
export interface EntryGroup {
  /** Its name. */
  readonly name: string;
  /** Folder of the zoo; that of the project if left out. */
  readonly zoo?: string | undefined;
}

/** How several datasets share an epoch. */
export interface SharingGroup {
  /** As many images of each, or by their sizes. */
  readonly sampling: Sampling;
  /** Images an epoch from which weights learn; as many as there are for them if left out. */
  readonly imagesPerEpoch?: number | undefined;
}

/** How long a run may take. */
export interface TimeGroup {
  /** Seconds in all; no limit if left out. With one that cuts something, the result depends on the machine. */
  readonly timeLimit?: number | undefined;
}

/** What must not be exceeded. */
export interface BudgetGroup extends TimeGroup {
  /** Most parameters of the derived network; no limit if left out. */
  readonly maxParameters?: number | undefined;
}

/** The first space, at sizes that a laptop searches in minutes. */
export const DEFAULT_SIZES: SizeGroup = { space: listSpaces()[0]!.name };

/** The paper's search, but for the number of epochs. */
export const DEFAULT_SEARCH: SearchGroup = {
  method: listMethods()[0]!.name,
  order: 1,
  epochs: 10,
  patience: 0,
  learningRate: DARTS_LEARNING_RATE.first,
  alphaLearningRate: DARTS_SETTINGS.alphaLearningRate,
  alphaEvery: DARTS_SETTINGS.alphaEvery,
  pathShare: DARTS_SETTINGS.pathShare,
  trainPortion: 0.5,
  recalibration: 16,
  validations: 1,
  head: "random",
};

/** Our own recipe for few epochs: the paper's drop-path and auxiliary head help a network that trains for hundreds. */
export const DEFAULT_TRAINING: TrainingGroup = {
  epochs: 15,
  learningRate: DARTS_TRAINING.firstLearningRate,
  dropPath: 0,
  auxiliary: 0,
};

/** Everything from the pictures themselves. */
export const DEFAULT_IMAGES: ImportSettings = {};

/** The nearest entry of the project's zoo. */
export const DEFAULT_SOURCE: SourceGroup = { name: "auto" };

/** Each dataset counts the same, however large it is. */
export const DEFAULT_SHARING: SharingGroup = { sampling: "balanced" };
