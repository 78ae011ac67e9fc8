import { type CandidateGroups, groupsOf, type Space } from "../../spaces/mod.ts";
import { createDarts } from "./darts.ts";
import type { MethodRow, Regularisation, SearchMethod } from "./method.ts";
import { rowsOf } from "./rows.ts";
import { softmaxGroups } from "./softmax.ts";

/** DARTS whose alpha is held back by the logarithm of the sum of its powers, more so from epoch to epoch. */
export const BETA_DARTS: MethodRow = {
  name: "beta-darts",
  title: "β-DARTS",
  description: "DARTS whose alpha is held back by its log-sum-exp, from epoch to epoch more",
  paper:
    "Ye et al., β-DARTS: Beta-Decay Regularization for Differentiable Architecture Search, CVPR 2022, arXiv 2203.01665",
  // The decay of β takes the place of Adam's.
  settings: { alphaWeightDecay: 0 },
  create: createBetaDarts,
};

/** Weight of the decay towards which it grows, that of the paper's 100 epochs in NAS-Bench-201. */
const LAST_WEIGHT = 50;

/**
 * The method of β-DARTS: that of DARTS with {@linkcode betaDecay}, whose weight is 50 · epoch / epochs.
 *
 * @param space The search space.
 * @returns The method; it has no state.
 */
export function createBetaDarts(space: Space): SearchMethod {
  const groups = groupsOf(space);
  let weight = 0;
  return {
    ...createDarts(space),
    name: BETA_DARTS.name,
    startEpoch: (epoch, epochs) => void (weight = LAST_WEIGHT * epoch / epochs),
    regularise: (alpha) => betaDecay(alpha, groups, weight),
  };
}

/**
 * The decay of β: weight · Σ over tensors of the mean over their groups of log Σ exp alpha. Its gradient is the share of each candidate, so
 * that what is strong is held back most. Source: equation 15 of the paper, and `_val_loss` of its code, which adds both kinds of cell.
 *
 * @param alpha One number a candidate.
 * @param groups Their layout; what was pruned away takes no part.
 * @param weight Its weight.
 * @returns Loss and gradient.
 */
export function betaDecay(alpha: Float32Array, groups: CandidateGroups, weight: number): Regularisation {
  const gradient = softmaxGroups(alpha, groups);
  let loss = 0;
  for (const { held, start, end, tensor } of rowsOf(groups)) {
    const share = weight / groups.tensors[tensor]!.shape[0];
    const largest = held.reduce((most, i) => Math.max(most, alpha[i]!), -Infinity);
    const sum = held.reduce((total, i) => total + Math.exp(alpha[i]! - largest), 0);
    loss += share * (largest + Math.log(sum));
    for (let i = start; i < end; i++) gradient[i]! *= share;
  }
  return { loss, gradient };
}
