import { groupsOf, type Space } from "../../spaces/mod.ts";
import { initialAlpha } from "../alpha.ts";
import type { MethodRow, SearchMethod } from "./method.ts";
import { softmaxGroups, softmaxGroupsBackward } from "./softmax.ts";

/** DARTS: a softmax of alpha mixes all candidates, and alpha descends along the validation loss. */
export const DARTS: MethodRow = {
  name: "darts",
  title: "DARTS",
  description: "mixes all candidates by a softmax of alpha, which descends along the validation loss (--order 1 or 2)",
  paper: "Liu et al., DARTS: Differentiable Architecture Search, ICLR 2019, arXiv 1806.09055",
  create: createDarts,
};

/**
 * The method of DARTS: mixing weights are the softmax of alpha over the candidates of a group. Candidates that were pruned
 * away have no share in it.
 *
 * @param space The search space.
 * @returns The method; it has no state.
 */
export function createDarts(space: Space): SearchMethod {
  const groups = groupsOf(space);
  const strengths = (alpha: Float32Array) => softmaxGroups(alpha, groups);
  return {
    name: "darts",
    parameters: groups.tensors,
    initialAlpha: (engine, seed) => initialAlpha(engine, groups.tensors, seed),
    mix: (alpha) => {
      const weights = strengths(alpha);
      return { weights, gradient: (dWeights) => softmaxGroupsBackward(weights, dWeights, groups) };
    },
    strengths,
    startEpoch: () => {},
    updatesAlpha: () => true,
    state: () => null,
    restore: () => {},
  };
}
