import { keyedRandom } from "../../network/mod.ts";
import { drawByWeight } from "../draw_by_weight.ts";
import { EDGES, type NasBench201Space, NODES, OPERATIONS } from "./space.ts";

const NONE = OPERATIONS.indexOf("none");

/**
 * Draws one of the networks that a supernet holds, as mixing weights: on every edge one operation, drawn by its strength, with
 * weight 1, which is what a derived network adds up; all others 0.
 *
 * A node of which all edges came out as `none` would cut the path: one of its edges is drawn again among the other operations.
 * (AutoDL-Projects' `forward_urs` draws the whole node again.)
 *
 * @param strengths One number an edge and operation, in the layout of the mixing weights.
 * @param _space The search space; what it does not hold has no strength.
 * @param seed Unsigned 32-bit seed; the same one gives the same network.
 * @returns Mixing weights.
 */
export function sampleNasBench201Path(strengths: Float32Array, _space: NasBench201Space, seed: number): Float32Array {
  const weights = new Float32Array(strengths.length);
  const random = keyedRandom(seed);
  const row = (edge: number) => strengths.subarray(edge * OPERATIONS.length, (edge + 1) * OPERATIONS.length);
  for (let node = 1; node < NODES; node++) {
    const incoming = EDGES.filter((edge) => edge.node === node).map(({ index }) => index);
    const drawn = new Map(incoming.map((edge) => [edge, drawByWeight(row(edge), random)]));
    const again = incoming[random(incoming.length)]!;
    const others = row(again).map((strength, operation) => operation === NONE ? 0 : strength);
    if ([...drawn.values()].every((operation) => operation === NONE)) drawn.set(again, drawByWeight(others, random));
    for (const [edge, operation] of drawn) weights[edge * OPERATIONS.length + operation] = 1;
  }
  return weights;
}
