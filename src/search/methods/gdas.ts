import { groupsOf, type Space } from "../../spaces/mod.ts";
import { createDarts } from "./darts.ts";
import type { MethodRow, MixingDraw, SearchMethod } from "./method.ts";
import { uniformNoise } from "./noise.ts";
import { rowsOf, strongestOf } from "./rows.ts";
import { softmaxGroups, softmaxGroupsBackward } from "./softmax.ts";

/** One candidate a group is drawn for every pass, and alone is run. */
export const GDAS: MethodRow = {
  name: "gdas",
  title: "GDAS",
  description: "draws one candidate a place for every pass and runs it alone; the draw sharpens epoch by epoch",
  paper: "Dong and Yang, Searching for A Robust Neural Architecture in Four GPU Hours, CVPR 2019, arXiv 1910.04465",
  settings: { weightDecay: 5e-4 },
  create: createGdas,
};

/** Temperatures of the first and the last epoch. */
const [FIRST_TEMPERATURE, LAST_TEMPERATURE] = [10, 0.1];

/**
 * The method of GDAS: h = argmax of p̃, and p̃ = softmax((log p + Gumbel noise) / τ) with τ from 10 to 0.1. The pass forward takes h, the
 * gradient that of p̃, and only at the candidate that ran: the paper's equations 3 and 4, and the text below them. (Its code adds the
 * other weights to the edge's output, too, a constant 0 whose gradient is no candidate's.)
 *
 * It is evaluated with the strongest candidate of each place.
 *
 * @param space The search space.
 * @returns The method; it has no state.
 */
export function createGdas(space: Space): SearchMethod {
  const groups = groupsOf(space);
  const rows = rowsOf(groups);
  let temperature = FIRST_TEMPERATURE;
  const hardened = (soft: Float32Array) => {
    const hard = new Float32Array(soft.length);
    for (const { held } of rows) hard[strongestOf(soft, held)] = 1;
    return hard;
  };
  return {
    ...createDarts(space),
    name: GDAS.name,
    startEpoch: (epoch, epochs) => {
      const passed = epochs > 1 ? epoch / (epochs - 1) : 1;
      temperature = FIRST_TEMPERATURE + (LAST_TEMPERATURE - FIRST_TEMPERATURE) * passed;
    },
    mix(alpha, context): MixingDraw {
      if (context.purpose === "evaluation") {
        return {
          weights: hardened(alpha),
          gradient: (slopes) => slopes.map(() => 0),
        };
      }
      const uniform = uniformNoise(context);
      const by = temperature;
      const noisy = new Float32Array(alpha.length);
      // The softmax does not see that p is not normalised, so that alpha itself can stand for log p.
      for (const { held } of rows) for (const i of held) noisy[i] = (alpha[i]! - Math.log(-Math.log(uniform()))) / by;
      const soft = softmaxGroups(noisy, groups);
      const weights = hardened(soft);
      return {
        weights,
        isPath: true,
        gradient: (slopes) =>
          softmaxGroupsBackward(soft, slopes.map((slope, i) => slope * weights[i]!), groups).map((slope) => slope / by),
      };
    },
  };
}
