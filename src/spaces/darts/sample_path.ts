import { keyedRandom } from "../../network/mod.ts";
import { CELL_TYPES, listEdges, mixingIndex, PRIMITIVES, type Space } from "./space.ts";
import { KEPT_EDGES } from "./derive.ts";

/**
 * Draws one of the networks that a supernet holds, as mixing weights: in every node two edges, on each of them one operation
 * other than `none`, each with weight 1, which is what a derived network adds up; all others 0.
 *
 * Operations are drawn by their strengths; edges evenly, so that all learn. Weights that were only ever trained as terms of
 * a long sum do badly when they are cut out; those that took part in such draws do not. Sources: path dropout of
 * one-shot models (Bender et al., 2018, section 3.2), single-path sampling (Guo et al., 2020, section 3.2).
 *
 * @param strengths One number an edge and operation, in the layout of the mixing weights (a method's `strengths`).
 * @param space The search space.
 * @param seed Unsigned 32-bit seed; the same one gives the same network.
 * @returns Mixing weights.
 */
export function samplePath(strengths: Float32Array, space: Space, seed: number): Float32Array {
  const weights = new Float32Array(strengths.length);
  const random = keyedRandom(seed);
  const uniform = () => random(RESOLUTION) / RESOLUTION;
  const edges = listEdges(space.nodes);
  for (const type of CELL_TYPES) {
    for (let node = 0; node < space.nodes; node++) {
      const incoming = edges.filter((edge) => edge.node === node);
      for (let kept = 0; kept < KEPT_EDGES; kept++) {
        const [{ index }] = incoming.splice(random(incoming.length), 1) as [typeof edges[number]];
        const first = mixingIndex(space, type, index, 1);
        const of = strengths.subarray(first, first + PRIMITIVES.length - 1);
        weights[first + drawByWeight(of, uniform())] = 1;
      }
    }
  }
  return weights;
}

const RESOLUTION = 2 ** 24;

/** Index of one of some weights, drawn in proportion to them; the last that is not 0 if rounding leaves none. */
function drawByWeight(weights: Float32Array, uniform: number): number {
  let rest = uniform * weights.reduce((sum, weight) => sum + weight, 0);
  let drawn = 0;
  for (const [i, weight] of weights.entries()) {
    if (weight === 0) continue;
    drawn = i;
    rest -= weight;
    if (rest < 0) break;
  }
  return drawn;
}
