import type { DartsGenotype, Gene } from "./genotype.ts";
import { CELL_TYPES, type CellType, type DartsSpace, listEdges, mixingIndex, PRIMITIVES } from "./space.ts";

/** Incoming edges that a node keeps in a derived network. Source: DARTS, section 2.4. */
export const KEPT_EDGES = 2;

/**
 * Cuts the strongest architecture out of a supernet.
 *
 * A node keeps the two incoming edges whose strongest operation other than `none` is strongest, and on each of them that
 * operation. Ties go to the lower index. Source: DARTS, section 2.4, and `genotype()` in its `model_search.py`, whose
 * order is kept: the stronger edge of a node comes first.
 *
 * @param strengths One number an edge and operation, in the layout of the mixing weights (a method's `strengths`).
 * @param space The search space.
 * @returns The architecture; all nodes are concatenated.
 */
export function deriveGenotype(strengths: Float32Array, space: DartsSpace): DartsGenotype {
  const concat = Array.from({ length: space.nodes }, (_, node) => 2 + node);
  const [normal, reduce] = CELL_TYPES.map((type) => deriveCell(strengths, space, type));
  return { normal: normal!, normal_concat: concat, reduce: reduce!, reduce_concat: [...concat] };
}

function deriveCell(strengths: Float32Array, space: DartsSpace, type: CellType): Gene[] {
  const best = listEdges(space.nodes).map(({ index, from, node }) => {
    let operation = 1;
    const strength = (candidate: number) => strengths[mixingIndex(space, type, index, candidate)]!;
    for (let candidate = 2; candidate < PRIMITIVES.length; candidate++) {
      if (strength(candidate) > strength(operation)) operation = candidate;
    }
    return { node, from, operation, strength: strength(operation) };
  });
  return Array.from({ length: space.nodes }, (_, node) =>
    best.filter((edge) => edge.node === node)
      .toSorted((a, b) => b.strength - a.strength) // stable: ties stay in order of their states
      .slice(0, KEPT_EDGES)
      .map(({ operation, from }): Gene => [PRIMITIVES[operation]!, from])).flat();
}
