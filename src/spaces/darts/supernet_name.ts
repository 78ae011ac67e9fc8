import { isOfAuxiliaryHead } from "../../network/mod.ts";
import { candidateOfGene, candidatePrefix } from "./candidate_name.ts";
import { type DartsGenotype, genesOf } from "./genotype.ts";
import { type DartsSpace, layCells } from "./space.ts";

/**
 * Finds the supernet tensor from which a tensor of a derived network is cut.
 *
 * @param name State-dict name in the derived network, such as `cells.0._ops.3.op.1.weight`.
 * @param genotype Architecture of the derived network.
 * @param space Sizes of both networks.
 * @returns State-dict name in the supernet, such as `cells.0._ops.7._ops.4.op.1.weight`; `undefined` for the auxiliary
 *   head, and for operations where those of the supernet have a share of the channels only. Weights and biases of normalisations have a name, though supernets hold none within cells.
 * @throws {RangeError} If the architecture has no such operation.
 */
export function supernetName(name: string, genotype: DartsGenotype, space: DartsSpace): string | undefined {
  if (isOfAuxiliaryHead(name)) return undefined;
  const match = /^cells\.(\d+)\._ops\.(\d+)\.(.+)$/.exec(name);
  if (match === null) return name;
  const [, cell, gene, rest] = match;
  const type = layCells(space.cells, space.channels)[Number(cell)]?.type;
  const found = type && genesOf(genotype, type).genes[Number(gene)];
  if (found === undefined) {
    throw new RangeError(`Cannot inherit ${name}: found no such operation in the genotype, expected one`);
  }
  if (space.channelShare !== undefined) return undefined;
  return `${candidatePrefix(candidateOfGene(Number(cell), Number(gene), found))}.${rest}`;
}
