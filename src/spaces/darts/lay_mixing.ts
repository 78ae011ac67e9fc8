import { candidateOfGene, candidatePrefix } from "./candidate_name.ts";
import { type DartsGenotype, genesOf } from "./genotype.ts";
import { type DartsSpace, layCells, mixingIndex } from "./space.ts";
import type { State } from "../../network/mod.ts";

/**
 * Writes the shares that a supernet's terms had in their mixed operations into its normalisations, so that the derived network
 * which is cut out of it does not add all of its terms up alike. (Ours.)
 *
 * In the supernet an operation that ends in a normalisation adds p · BN(o(x)) to its node. In the derived network that normalisation has a
 * weight; of a node's two terms a and b it becomes p_a / (p_a + p_b): the shares of those that stay, adding up to one. Poolings,
 * and skips at stride 1, have no weight to write to.
 *
 * @param state State of the supernet, whose normalisations within cells are plain.
 * @param mixing Mixing weights, one an edge and operation.
 * @param options The supernet's space, and the architecture that is cut out.
 * @returns The state, with a weight [C] and a bias of zero [C] for the last normalisations of the architecture's operations.
 */
export function layMixing(
  state: State,
  mixing: Float32Array,
  { space, genotype }: { space: DartsSpace; genotype: DartsGenotype },
): State {
  const laid = new Map(state);
  // Nothing of an operation that has a share of the channels is inherited.
  if (space.channelShare !== undefined) return laid;
  for (const cell of layCells(space.cells, space.channels)) {
    const terms = genesOf(genotype, cell.type).genes.map((gene, k) => {
      const place = candidateOfGene(cell.index, k, gene);
      const share = gene[0] === "none" ? 0 : mixing[mixingIndex(space, cell.type, place.edge, place.operation)]!;
      return { share, prefix: candidatePrefix(place) };
    });
    terms.forEach(({ share, prefix }, k) => {
      // Of the two halves of a separable convolution the second comes later.
      const mean = [...state.keys()].findLast((name) =>
        name.startsWith(`${prefix}.`) && name.endsWith(".running_mean")
      );
      const sum = share + terms[k ^ 1]!.share;
      if (mean === undefined || sum === 0) return;
      const { shape } = state.get(mean)!;
      const set = (name: string, value: number) =>
        laid.set(mean.replace("running_mean", name), { shape, data: new Float32Array(shape[0]!).fill(value) });
      set("weight", share / sum);
      set("bias", 0);
    });
  }
  return laid;
}
