import type { State, StateTensor } from "../network/mod.ts";
import { checkSpace, type Space } from "../spaces/mod.ts";
import { joinAlpha, splitAlpha } from "./alpha.ts";
import type { EpochState } from "./epoch_clock.ts";
import type { TallyState } from "./evaluation.ts";
import { decodeHead, encodeHead, type Head, isOfFittedHead } from "./head_probe.ts";
import type { SearchMethod } from "./methods/method.ts";
import type { StoppingState } from "./operation_stopper.ts";
import { decodeWeightsMean, encodeWeightsMean, isOfWeightsMean } from "./weights_mean.ts";

/**
 * All that a search is beyond the network's weights, momentum and running statistics. Plain data: with those three and
 * this, a search goes on bit for bit from any step.
 */
export interface SearchState extends EpochState {
  /** The search space now, which the method may have shrunk. */
  readonly space: Space;
  /** Architecture parameters. */
  readonly alpha: Float32Array;
  /** Adam's moments of alpha. */
  readonly moments: { readonly first: Float32Array; readonly second: Float32Array; readonly steps: number };
  /** What the method remembers. */
  readonly method: unknown;
  /** Sums of the epoch so far for each dataset. */
  readonly partTallies: readonly TallyState[];
  /** The fitted head, where one did better than SGD's at the last validation. */
  readonly head?: Head | undefined;
  /** The exponential mean of the weights, where one is kept. */
  readonly mean?: State | undefined;
  /** The scores of the operations, where these may stop. */
  readonly stopping?: StoppingState | undefined;
}

/** The part of a search's state that is not tensors: plain JSON data. */
export interface SearchProgress extends EpochState {
  /** Steps that Adam has taken. */
  readonly alphaSteps: number;
  /** What the method remembers. */
  readonly method: unknown;
  /** Sums of the epoch so far for each dataset. */
  readonly partTallies: readonly TallyState[];
  /** Space of the supernet now. */
  readonly space: Space;
  /** The scores of the operations, where these may stop. */
  readonly stopping?: StoppingState | undefined;
}

/** The state of a search as a checkpoint keeps it. */
export interface SavedSearch {
  /** Named tensors. */
  readonly tensors: State;
  /** The rest. */
  readonly progress: SearchProgress;
}

const FIRST = "alpha_moments.first.";
const SECOND = "alpha_moments.second.";

/**
 * Splits the state of a search into named tensors and JSON data, for a checkpoint.
 *
 * @param state State of the search.
 * @param method Names the tensors of alpha.
 * @returns The method's tensors and their moments `alpha_moments.first.NAME`, `alpha_moments.second.NAME`, those of a fitted
 *   head and of a mean of weights; and the rest.
 */
export function encodeSearchState(
  state: SearchState,
  method: Pick<SearchMethod, "parameters">,
): SavedSearch & { tensors: Map<string, StateTensor> } {
  const { epoch, step, batchesTracked, tally, partTallies, space, stopping } = state;
  const tensors = new Map([
    ...splitAlpha(state.alpha, method.parameters),
    ...splitAlpha(state.moments.first, prefixed(method, FIRST)),
    ...splitAlpha(state.moments.second, prefixed(method, SECOND)),
    ...encodeHead(state.head),
    ...encodeWeightsMean(state.mean),
  ]);
  const progress = {
    epoch,
    step,
    batchesTracked,
    alphaSteps: state.moments.steps,
    method: state.method,
    tally,
    partTallies,
    space,
    stopping,
  };
  return { tensors, progress };
}

/**
 * Puts the state of a search together again.
 *
 * @param tensors Tensors of a checkpoint; others may be among them.
 * @param progress Its JSON data.
 * @param method Names the tensors of alpha.
 * @returns The state, bit for bit.
 * @throws {RangeError} If a tensor is missing or of another shape.
 */
export function decodeSearchState(
  tensors: State,
  progress: SearchProgress,
  method: Pick<SearchMethod, "parameters">,
): SearchState {
  const { epoch, step, batchesTracked, alphaSteps, tally, partTallies, space, stopping } = progress;
  const head = decodeHead(tensors);
  return {
    epoch,
    step,
    batchesTracked,
    space: checkSpace(space),
    alpha: joinAlpha(tensors, method.parameters),
    moments: {
      first: joinAlpha(tensors, prefixed(method, FIRST)),
      second: joinAlpha(tensors, prefixed(method, SECOND)),
      steps: alphaSteps,
    },
    method: progress.method,
    tally,
    partTallies,
    head,
    mean: decodeWeightsMean(tensors),
    stopping,
  };
}

/**
 * Tells the tensors of a search from those of its network.
 *
 * @param name Name of a tensor of a checkpoint.
 * @param method Names the tensors of alpha.
 * @returns Whether it is one that {@linkcode encodeSearchState} gave.
 */
export function isOfSearch(name: string, method: Pick<SearchMethod, "parameters">): boolean {
  const alpha = ["", FIRST, SECOND].flatMap((prefix) => prefixed(method, prefix));
  return alpha.some((tensor) => tensor.name === name) || isOfFittedHead(name) || isOfWeightsMean(name);
}

function prefixed(method: Pick<SearchMethod, "parameters">, prefix: string) {
  return method.parameters.map(({ name, shape }) => ({ name: `${prefix}${name}`, shape }));
}
