import type { OperationStopping } from "./operation_stopper.ts";

/** How weights and alpha learn. Plain data. */
export interface BilevelSettings {
  /** Images a batch, for weights and alpha alike. */
  readonly batch: number;
  /** 1: alpha follows the validation loss at the weights of now; 2: at the weights one step ahead. */
  readonly order: 1 | 2;
  /** Momentum of the weights. */
  readonly momentum: number;
  /** L2 decay of the weights. */
  readonly weightDecay: number;
  /** Largest norm of the weights' gradient. */
  readonly clip: number;
  /** Adam's learning rate for alpha. */
  readonly alphaLearningRate: number;
  /** Adam's decay of the first moment. */
  readonly alphaBeta1: number;
  /** Adam's decay of the second moment. */
  readonly alphaBeta2: number;
  /** L2 decay of alpha. */
  readonly alphaWeightDecay: number;
  /** Alpha learns in every n-th step; 1 as in DARTS. Between them a step costs half. */
  readonly alphaEvery: number;
  /**
   * Share of the steps in which weights learn in one of the networks that the supernet holds ({@linkcode samplePath}) and not
   * in their mixture; 0 as in DARTS.
   */
  readonly pathShare: number;
  /**
   * Batches of the weights' images whose means running statistics become before each validation, weights at rest; 0 as in
   * DARTS. Statistics lag behind weights that move fast, and the validation then tells more of the lag than of the supernet.
   */
  readonly recalibrationBatches: number;
  /** Whether the head is `refitted` ({@linkcode HeadStart}). */
  readonly refitsHead: boolean;
  /**
   * Decay of the exponential mean of the weights, with which the supernet is validated and at the end left; the weights themselves if
   * 0 or left out, as in DARTS.
   */
  readonly weightsMean?: number | undefined;
  /** When candidate operations stop to learn, each on its own; never if left out, as in DARTS. */
  readonly operationStopping?: OperationStopping | undefined;
}

/** Settings of the paper's search on CIFAR-10. Source: `train_search.py` and `architect.py` of the DARTS code base. */
export const DARTS_SETTINGS: BilevelSettings = {
  batch: 64,
  order: 1,
  momentum: 0.9,
  weightDecay: 3e-4,
  clip: 5,
  alphaLearningRate: 3e-4,
  alphaBeta1: 0.5,
  alphaBeta2: 0.999,
  alphaWeightDecay: 1e-3,
  alphaEvery: 1,
  pathShare: 0,
  recalibrationBatches: 0,
  refitsHead: false,
};

/** Learning rate of the paper's search: from 0.025 down to 0.001. */
export const DARTS_LEARNING_RATE = { first: 0.025, last: 0.001 } as const;
