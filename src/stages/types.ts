import type { ImportProgress } from "../data/mod.ts";
import type { RankedAccuracies } from "../spaces/mod.ts";
import { AMOUNT, listOf, optional, record, type Shape, SHARE, TEXT, whole } from "../run/mod.ts";

/** What an epoch gave on one of several datasets. */
export interface DatasetRecord {
  /** Name of the dataset. */
  readonly name: string;
  /** Mean loss of its images in the training batches, in nats. */
  readonly trainLoss: number;
  /** Share of these images classified rightly among the classes of the dataset. */
  readonly trainAccuracy: number;
  /** Mean loss on its held-out images at the end of the epoch. */
  readonly validLoss: number;
  /** Share of them classified rightly. */
  readonly validAccuracy: number;
}

/** Who took part in an epoch that many workers shared. */
export interface RoundRecord {
  /** Workers among whom the epoch was shared. */
  readonly workers: number;
  /** Numbers of those whose weights are in the mean, from 0, ascending. */
  readonly tookPart: readonly number[];
  /** Images from which they learnt. */
  readonly images: number;
  /** Bytes of the state that all workers began with, times their number. */
  readonly bytesDown: number;
  /** Bytes of what came back. */
  readonly bytesUp: number;
}

/** What an epoch gave; also a point of a result's curve. */
export interface EpochRecord {
  /** Epochs done: 0 for what a head fitted before the first one can do, a fraction for a validation within an epoch. */
  readonly epoch: number;
  /** Seconds since the run began, pauses between interruption and resumption left out. */
  readonly seconds: number;
  /** Mean loss of the training batches while the weights changed, in nats; in epoch 0 that of each image left out. */
  readonly trainLoss: number;
  /** Share of these images classified rightly, 0 to 1. */
  readonly trainAccuracy: number;
  /** Mean loss on held-out images at the end of the epoch; absent where all images are trained on. */
  readonly validLoss?: number | undefined;
  /** Share of held-out images classified rightly. */
  readonly validAccuracy?: number | undefined;
  /** The same for each dataset, where epochs are shared among datasets; the figures above are means over them then. */
  readonly datasets?: readonly DatasetRecord[] | undefined;
  /** What was published of the architecture that would be derived, if a table is at hand that has it. */
  readonly nasbench201?: RankedAccuracies | undefined;
  /** Who took part, where many workers shared the epoch. */
  readonly round?: RoundRecord | undefined;
  /** Validations within the epoch, if there were any. */
  readonly within?: readonly EpochRecord[] | undefined;
}

// JSON has no infinity: the loss of a network that has gone astray is null in files.
const LOSS: Shape = (value, place) => value === null ? undefined : AMOUNT(value, place);

const FIGURES = { trainLoss: LOSS, trainAccuracy: SHARE };

const DATASET_SHAPE = record({ name: TEXT, ...FIGURES, validLoss: LOSS, validAccuracy: SHARE });

/** What {@linkcode RankedAccuracies} of a file must be. */
export const RANKED_ACCURACIES_SHAPE: Shape = record({
  cifar10: AMOUNT,
  cifar100: AMOUNT,
  imagenet16: AMOUNT,
  rank: AMOUNT,
});

/** What a {@linkcode RoundRecord} of a file must be. */
export const ROUND_SHAPE: Shape = record({
  workers: whole(1),
  tookPart: listOf(whole(0), 1),
  images: whole(0),
  bytesDown: whole(0),
  bytesUp: whole(0),
});

const POINT = {
  epoch: AMOUNT,
  seconds: AMOUNT,
  ...FIGURES,
  validLoss: optional(LOSS),
  validAccuracy: optional(SHARE),
  datasets: optional(listOf(DATASET_SHAPE)),
  nasbench201: optional(RANKED_ACCURACIES_SHAPE),
  round: optional(ROUND_SHAPE),
};

/** What an {@linkcode EpochRecord} of a file must be. */
export const EPOCH_SHAPE: Shape = record({ ...POINT, within: optional(listOf(record(POINT))) });

/** What a pipeline tells while it works. */
export type PipelineEvent =
  | { readonly type: "stage"; readonly stage: string; readonly text: string }
  | {
    /** A run of a comparison begins. */
    readonly type: "run";
    /** Its number, from 1. */
    readonly index: number;
    /** Number of runs in all. */
    readonly runs: number;
    readonly target: string;
    readonly arm: string;
    readonly seed: number;
    /** Seconds that this run and those after it may take; undefined before one is finished. */
    readonly secondsLeft?: number | undefined;
  }
  | ({
    /** Pictures become images. */
    readonly type: "import";
  } & ImportProgress)
  | {
    /** Work is done thing by thing. */
    readonly type: "count";
    readonly stage: string;
    readonly done: number;
    readonly total: number;
    /** What the things are, in the plural. */
    readonly unit: string;
  }
  | {
    readonly type: "step";
    readonly stage: string;
    /** Epoch under way, from 1. */
    readonly epoch: number;
    readonly epochs: number;
    /** Steps done in it. */
    readonly step: number;
    readonly steps: number;
    readonly loss: number;
  }
  | { readonly type: "epoch"; readonly stage: string; readonly epochs: number; readonly record: EpochRecord };
