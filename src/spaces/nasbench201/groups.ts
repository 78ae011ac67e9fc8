import type { CandidateGroups } from "../space.ts";
import { labelsOfNasBench201 } from "./cells.ts";
import { candidatesOf, EDGES, type NasBench201Space, OPERATIONS } from "./space.ts";

/**
 * The layout of the mixing weights: one matrix [edges, operations] under the name that the reference implementation gives to
 * its architecture parameters, `arch_parameters`. `none` is a candidate like the others, for it may be derived.
 *
 * @param space The space, pruned or whole.
 * @returns The layout; that of the tensor is the same for both.
 */
export function groupsOfNasBench201(space: NasBench201Space): CandidateGroups {
  return {
    tensors: [{ name: "arch_parameters", shape: [EDGES.length, OPERATIONS.length] }],
    labels: [labelsOfNasBench201()],
    exists: EDGES.flatMap(({ index }) => OPERATIONS.map((name) => candidatesOf(space, index).includes(name))),
    sums: EDGES.map(({ node }) => node - 1),
  };
}
