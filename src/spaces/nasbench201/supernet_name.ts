import { isOfAuxiliaryHead } from "../../network/mod.ts";
import type { NasBench201Genotype } from "./genotype.ts";
import { EDGES, type NasBench201Space, OPERATIONS } from "./space.ts";
import { candidatePrefix } from "./supernet.ts";

/**
 * Finds the supernet tensor from which a tensor of a derived network is cut.
 *
 * @param name State-dict name in the derived network, such as `cells.0.layers.2.op.1.weight`.
 * @param genotype Architecture of the derived network.
 * @param space Space of the supernet; a whole one if left out.
 * @returns State-dict name in the supernet, such as `cells.0.edges.2<-1.3.op.1.weight`; `undefined` for an auxiliary head, and for
 * operations where those of the supernet have a share of the channels only.
 * Weights and biases of normalisations have a name, though supernets hold none within cells.
 * @throws {RangeError} If the architecture has no such layer.
 */
export function supernetName(
  name: string,
  { operations }: NasBench201Genotype,
  space?: NasBench201Space,
): string | undefined {
  if (isOfAuxiliaryHead(name)) return undefined;
  const match = /^(cells\.\d+)\.layers\.(\d+)\.(.+)$/.exec(name);
  if (match === null) return name;
  const [, cell, layer, rest] = match;
  const edge = EDGES[Number(layer)];
  if (edge === undefined) {
    throw new RangeError(`Cannot inherit ${name}: found no such layer in the genotype, expected one`);
  }
  if (space?.channelShare !== undefined) return undefined;
  return `${candidatePrefix(cell!, edge, OPERATIONS.indexOf(operations[edge.index]!))}.${rest}`;
}
