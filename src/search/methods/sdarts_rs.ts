import { groupsOf, type Space } from "../../spaces/mod.ts";
import { createDarts } from "./darts.ts";
import type { DrawContext, MethodRow, SearchMethod } from "./method.ts";
import { uniformNoise } from "./noise.ts";
import { type Row, rowsOf, strongestOf } from "./rows.ts";

/** DARTS whose weights learn under mixing weights that are shaken at random. */
export const SDARTS_RS: MethodRow = {
  name: "sdarts-rs",
  title: "SmoothDARTS, random smoothing",
  description: "DARTS whose weights learn under mixing weights that are shaken at random",
  paper:
    "Chen and Hsieh, Stabilizing Differentiable Architecture Search via Perturbation-based Regularization, ICML 2020, arXiv 2002.05283",
  create: createSdartsRs,
};

/** Bounds of the perturbation in the first epoch, and in the one after the last. */
const [FIRST_BOUND, LAST_BOUND] = [0.03, 0.3];

/**
 * The method of SDARTS-RS: alpha learns as in DARTS; the weights' steps see its shares with even noise added.
 *
 * @param space The search space.
 * @returns The method; it has no state.
 */
export function createSdartsRs(space: Space): SearchMethod {
  const darts = createDarts(space);
  const rows = rowsOf(groupsOf(space));
  let bound = FIRST_BOUND;
  return {
    ...darts,
    name: SDARTS_RS.name,
    startEpoch: (epoch, epochs) => void (bound = FIRST_BOUND + (LAST_BOUND - FIRST_BOUND) * epoch / epochs),
    mix(alpha, context) {
      const draw = darts.mix(alpha, context);
      return context.purpose === "weights" ? { ...draw, weights: shake(draw.weights, { rows, bound, context }) } : draw;
    },
  };
}

/**
 * Adds even noise to shares, cuts them off at 0 and 1, and brings each row's sum back to 1. A row of which nothing is left gives all to
 * what was the strongest. Source: `train_search.py` of the paper's code, `perturb_alpha=random`.
 */
function shake(
  shares: Float32Array,
  { rows, bound, context }: { rows: readonly Row[]; bound: number; context: DrawContext },
): Float32Array {
  const uniform = uniformNoise(context);
  const shaken = new Float32Array(shares.length);
  for (const { held } of rows) {
    for (const i of held) shaken[i] = Math.min(1, Math.max(0, shares[i]! + bound * (2 * uniform() - 1)));
    const sum = held.reduce((total, i) => total + shaken[i]!, 0);
    if (sum > 0) {
      for (const i of held) shaken[i]! /= sum;
    } else {
      shaken[strongestOf(shares, held)] = 1;
    }
  }
  return shaken;
}
