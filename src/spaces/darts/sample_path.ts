import { keyedRandom } from "../../network/mod.ts";
import { drawByWeight } from "../draw_by_weight.ts";
import { CELL_TYPES, type DartsSpace, listEdges, mixingIndex, PRIMITIVES } from "./space.ts";
import { KEPT_EDGES } from "./derive.ts";

/**
 * Draws one of the networks that a supernet holds, as mixing weights: in every node two edges, on each of them one operation
 * other than `none`, each with weight 1, which is what a derived network adds up; all others 0.
 *
 * Operations are drawn by their strengths; edges evenly, so that all learn.
 *
 * @param strengths One number an edge and operation, in the layout of the mixing weights.
 * @param space The search space.
 * @param seed Unsigned 32-bit seed; the same one gives the same network.
 * @returns Mixing weights.
 */
export function sampleDartsPath(strengths: Float32Array, space: DartsSpace, seed: number): Float32Array {
  const weights = new Float32Array(strengths.length);
  const random = keyedRandom(seed);
  const edges = listEdges(space.nodes);
  for (const type of CELL_TYPES) {
    for (let node = 0; node < space.nodes; node++) {
      const incoming = edges.filter((edge) => edge.node === node);
      for (let kept = 0; kept < KEPT_EDGES; kept++) {
        const [{ index }] = incoming.splice(random(incoming.length), 1) as [typeof edges[number]];
        const first = mixingIndex(space, type, index, 1);
        const of = strengths.subarray(first, first + PRIMITIVES.length - 1);
        weights[first + drawByWeight(of, random)] = 1;
      }
    }
  }
  return weights;
}
