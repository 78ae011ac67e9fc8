import type { State } from "../../network/mod.ts";
import type { NasBench201Genotype } from "./genotype.ts";
import { EDGES, layCells, mixingIndex, type NasBench201Space, NODES, OPERATIONS } from "./space.ts";
import { candidatePrefix } from "./supernet.ts";

/**
 * Writes the shares that a supernet's terms had in their mixed operations into its normalisations, so that the derived network
 * which is cut out of it does not add all of its terms up alike. (Ours.)
 *
 * In the supernet a convolution adds p · BN(o(x)) to its node. In the derived network that normalisation has a weight; it becomes
 * p divided by the mean of the shares of the node's terms, for a derived network's terms weigh one each. Skips and poolings have
 * no weight to write to.
 *
 * @param state State of the supernet, whose normalisations within cells are plain.
 * @param mixing Mixing weights, one an edge and operation.
 * @param options The supernet's space, and the architecture that is cut out.
 * @returns The state, with a weight [C] and a bias of zero [C] for the normalisations of the architecture's convolutions.
 */
export function layMixing(
  state: State,
  mixing: Float32Array,
  { space, genotype: { operations } }: { space: NasBench201Space; genotype: NasBench201Genotype },
): State {
  const laid = new Map(state);
  // Nothing of an operation that has a share of the channels is inherited.
  if (space.channelShare !== undefined) return laid;
  for (const { index } of layCells(space).filter(({ isReduction }) => !isReduction)) {
    for (let node = 1; node < NODES; node++) {
      const terms = EDGES.filter((edge) => edge.node === node && operations[edge.index] !== "none").map((edge) => {
        const operation = operations[edge.index]!;
        const prefix = candidatePrefix(`cells.${index}`, edge, OPERATIONS.indexOf(operation));
        return { share: mixing[mixingIndex(edge.index, operation)]!, prefix };
      });
      const mean = terms.reduce((sum, { share }) => sum + share, 0) / terms.length;
      for (const { share, prefix } of terms) {
        const statistics = state.get(`${prefix}.op.2.running_mean`);
        if (statistics === undefined || mean === 0) continue;
        const { shape } = statistics;
        const filled = (value: number) => ({ shape, data: new Float32Array(shape[0]!).fill(value) });
        laid.set(`${prefix}.op.2.weight`, filled(share / mean)).set(`${prefix}.op.2.bias`, filled(0));
      }
    }
  }
  return laid;
}
