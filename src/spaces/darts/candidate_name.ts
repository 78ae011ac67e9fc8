import type { Gene } from "./genotype.ts";
import { edgeIndex, PRIMITIVES } from "./space.ts";

/** Where a candidate operation of a supernet is. */
export interface CandidatePlace {
  /** Cell, from 0. */
  readonly cell: number;
  /** Edge of the cell, from 0. */
  readonly edge: number;
  /** Operation: its index among the primitives. */
  readonly operation: number;
}

/**
 * Prefix of a candidate operation's tensors in the reference implementation's state dict.
 *
 * @param place Where it is.
 * @returns The prefix, such as `cells.0._ops.3._ops.4`.
 */
export function candidatePrefix({ cell, edge, operation }: CandidatePlace): string {
  return `cells.${cell}._ops.${edge}._ops.${operation}`;
}

/**
 * The candidate operation to which a supernet's tensor belongs.
 *
 * @param name Its name in the state dict.
 * @returns The operation's prefix; undefined for a tensor of none.
 */
export function operationOf(name: string): string | undefined {
  return /^cells\.\d+\._ops\.\d+\._ops\.\d+(?=\.)/.exec(name)?.[0];
}

/**
 * The candidate operation from which a gene of a derived network is cut.
 *
 * @param cell Cell, from 0.
 * @param position The gene's place among those of its type of cell, two a node.
 * @param gene The gene.
 * @returns Where the operation is in the supernet.
 */
export function candidateOfGene(cell: number, position: number, [operation, from]: Gene): CandidatePlace {
  return { cell, edge: edgeIndex(Math.floor(position / 2), from), operation: PRIMITIVES.indexOf(operation) };
}
