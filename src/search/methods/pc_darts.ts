import { groupsOf, type Space } from "../../spaces/mod.ts";
import { initialAlpha } from "../alpha.ts";
import type { MethodRow, MixingDraw, SearchMethod } from "./method.ts";
import { rowsOf, setsOfSums } from "./rows.ts";
import { softmaxGroups, softmaxGroupsBackward, softmaxSets, softmaxSetsBackward } from "./softmax.ts";

/** A quarter of the channels goes through the candidates, and edges have weights of their own. */
export const PC_DARTS: MethodRow = {
  name: "pc-darts",
  title: "PC-DARTS",
  description: "sends a quarter of the channels through the candidates, and learns weights of edges beside alpha",
  paper:
    "Xu et al., PC-DARTS: Partial Channel Connections for Memory-Efficient Architecture Search, ICLR 2020, arXiv 1907.05737",
  supernet: { channelShare: 4 },
  settings: { alphaLearningRate: 6e-4 },
  decidesLate: true,
  create: createPcDarts,
};

/** Share of the search in which the architecture rests: 15 of the paper's 50 epochs. */
const RESTING = 0.3;

/**
 * The method of PC-DARTS: mixing weights are the softmax of alpha within each place times the softmax of beta over the places of a sum
 * (edge normalisation). The supernet adds a place's mixing weights up for the channels that pass by its candidates: beta's softmax alone.
 * In the first three tenths of the epochs neither learns.
 *
 * Source: `model_search.py` and `train_search.py` of the authors' code base (yuhuixu1993/PC-DARTS). Its batch of 256 images and its learning
 * rate of 0.1 are left to the user.
 *
 * @param space The search space, with a share of channels as the row asks for it.
 * @returns The method; it has no state.
 */
export function createPcDarts(space: Space): SearchMethod {
  const groups = groupsOf(space);
  const count = groups.exists.length;
  const rows = rowsOf(groups);
  const betas = groups.tensors.map(({ name, shape }) => ({
    name: `betas_${name.replace(/^alphas_/, "")}`,
    shape: [shape[0]],
  }));
  const parameters = [...groups.tensors, ...betas];
  const nodes = setsOfSums(groups.sums);
  let resting = 0;

  const parts = (alpha: Float32Array) => {
    const within = softmaxGroups(alpha.subarray(0, count), groups);
    const edges = softmaxSets(alpha.subarray(count), nodes);
    const weights = new Float32Array(count);
    rows.forEach(({ start, end }, row) => {
      for (let i = start; i < end; i++) weights[i] = within[i]! * edges[row]!;
    });
    return { within, edges, weights };
  };

  const mix = (alpha: Float32Array): MixingDraw => {
    const { within, edges, weights } = parts(alpha);
    const gradient = (slopes: Float32Array) => {
      const [ofWithin, ofEdges] = [new Float32Array(count), new Float32Array(edges.length)];
      rows.forEach(({ start, end }, row) => {
        for (let i = start; i < end; i++) {
          ofWithin[i] = slopes[i]! * edges[row]!;
          ofEdges[row]! += slopes[i]! * within[i]!;
        }
      });
      const result = new Float32Array(alpha.length);
      result.set(softmaxGroupsBackward(within, ofWithin, groups));
      result.set(softmaxSetsBackward(edges, ofEdges, nodes), count);
      return result;
    };
    return { weights, gradient };
  };

  return {
    name: PC_DARTS.name,
    parameters,
    initialAlpha: (engine, seed) => initialAlpha(engine, parameters, seed),
    mix,
    strengths: (alpha) => parts(alpha).weights,
    startEpoch: (_, epochs) => void (resting = Math.round(RESTING * epochs)),
    updatesAlpha: (epoch) => epoch >= resting,
    state: () => null,
    restore: () => {},
  };
}
