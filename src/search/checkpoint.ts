import type { State, StateTensor } from "../network/mod.ts";
import { joinAlpha, splitAlpha } from "./alpha.ts";
import type { SearchState } from "./bilevel.ts";
import type { TallyState } from "./evaluation.ts";
import { decodeHead, encodeHead, isOfFittedHead } from "./head_probe.ts";
import type { SearchMethod } from "./methods/method.ts";

/** The part of a search's state that is not tensors: plain JSON data. */
export interface SearchProgress {
  /** Epoch to go on with. */
  readonly epoch: number;
  /** Step to go on with. */
  readonly step: number;
  /** Training-mode passes that the running statistics have seen. */
  readonly batchesTracked: number;
  /** Steps that Adam has taken. */
  readonly alphaSteps: number;
  /** What the method remembers. */
  readonly method: unknown;
  /** Sums of the epoch so far. */
  readonly tally: TallyState;
  /** The same for each dataset, if there are several. */
  readonly partTallies?: readonly TallyState[];
}

const FIRST = "alpha_moments.first.";
const SECOND = "alpha_moments.second.";

/**
 * Splits the state of a search into named tensors and JSON data, for a checkpoint.
 *
 * @param state State of the search.
 * @param method Names the tensors of alpha.
 * @returns The method's tensors and their moments `alpha_moments.first.NAME`, `alpha_moments.second.NAME`, those of a fitted head;
 *   and the rest.
 */
export function encodeSearchState(
  state: SearchState,
  method: Pick<SearchMethod, "parameters">,
): { tensors: Map<string, StateTensor>; progress: SearchProgress } {
  const { epoch, step, batchesTracked, tally, partTallies } = state;
  const tensors = new Map([
    ...splitAlpha(state.alpha, method.parameters),
    ...splitAlpha(state.moments.first, prefixed(method, FIRST)),
    ...splitAlpha(state.moments.second, prefixed(method, SECOND)),
    ...encodeHead(state.head),
  ]);
  const progress = {
    epoch,
    step,
    batchesTracked,
    alphaSteps: state.moments.steps,
    method: state.method,
    tally,
    ...(partTallies && { partTallies }),
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
  const { epoch, step, batchesTracked, alphaSteps, tally, partTallies } = progress;
  const head = decodeHead(tensors);
  return {
    epoch,
    step,
    batchesTracked,
    alpha: joinAlpha(tensors, method.parameters),
    moments: {
      first: joinAlpha(tensors, prefixed(method, FIRST)),
      second: joinAlpha(tensors, prefixed(method, SECOND)),
      steps: alphaSteps,
    },
    method: progress.method,
    tally,
    ...(partTallies && { partTallies }),
    ...(head && { head }),
  };
}

/**
 * Tells the tensors of a checkpoint that belong to the search from those of its network.
 *
 * @param method Names the tensors of alpha.
 * @returns Whether {@linkcode encodeSearchState} names a tensor so.
 */
export function isOfSearch(method: Pick<SearchMethod, "parameters">): (name: string) => boolean {
  const tensors = [method.parameters, prefixed(method, FIRST), prefixed(method, SECOND)].flat();
  const names = new Set(tensors.map(({ name }) => name));
  return (name) => names.has(name) || isOfFittedHead(name);
}

function prefixed(method: Pick<SearchMethod, "parameters">, prefix: string) {
  return method.parameters.map(({ name, shape }) => ({ name: `${prefix}${name}`, shape }));
}
