import type { CandidateGroups } from "../space.ts";
import { labelsOfDarts } from "./cells.ts";
import { CELL_TYPES, type DartsSpace, edgeIndex, holdsCandidate, listEdges, PRIMITIVES } from "./space.ts";

/**
 * The layout of the mixing weights: for each type of cell a matrix [edges, operations] under the name that the reference
 * implementation gives to its architecture parameters, `alphas_normal` and `alphas_reduce`. `none` always exists.
 *
 * @param space The space, pruned or whole.
 * @returns The layout; that of the tensors is the same for both.
 */
export function groupsOfDarts(space: DartsSpace): CandidateGroups {
  const edges = listEdges(space.nodes);
  return {
    tensors: CELL_TYPES.map((type) => ({
      name: `alphas_${type}`,
      shape: [edgeIndex(space.nodes, 0), PRIMITIVES.length] as const,
    })),
    labels: labelsOfDarts(space.nodes),
    exists: CELL_TYPES.flatMap((type) =>
      edges.flatMap(({ index }) => PRIMITIVES.map((name) => holdsCandidate(space, type, index, name)))
    ),
    sums: CELL_TYPES.flatMap((_, type) => edges.map(({ node }) => type * space.nodes + node)),
  };
}
