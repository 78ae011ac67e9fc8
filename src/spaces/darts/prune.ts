import { type Candidates, CELL_TYPES, type CellType, listEdges, mixingIndex, PRIMITIVES, type Space } from "./space.ts";

/**
 * Prunes a search space: every edge keeps the candidate operations for which alpha speaks most strongly.
 *
 * What is left costs a fraction of the time and is closer to the network that will be derived. Dropping candidates by
 * their weight while the search goes on is P-DARTS' search space approximation (Chen et al., 2019, section 3.2); that the
 * weights come from other datasets is ours.
 *
 * @param space The space; may have been pruned before.
 * @param strengths One number an edge and operation, in the layout of the mixing weights (a method's `strengths`).
 * @param keep Most candidates of an edge, beside `none`. Ties go to the lower index.
 * @returns The space with its candidates.
 * @throws {RangeError} If an edge is to keep none.
 */
export function pruneSpace(space: Space, strengths: Float32Array, keep: number): Space {
  if (!(Number.isInteger(keep) && keep >= 1)) {
    throw new RangeError(`Cannot prune space: ${keep} operations an edge are to be kept, expected 1 or more`);
  }
  const ofCell = (type: CellType) =>
    listEdges(space.nodes).map(({ index }) => {
      const candidates = space.candidates?.[type][index] ?? PRIMITIVES.slice(1);
      const strength = (name: typeof candidates[number]) =>
        strengths[mixingIndex(space, type, index, PRIMITIVES.indexOf(name))]!;
      const kept = candidates.toSorted((a, b) => strength(b) - strength(a)).slice(0, keep);
      return candidates.filter((name) => kept.includes(name));
    });
  const [normal, reduce] = CELL_TYPES.map(ofCell);
  return { ...space, candidates: { normal: normal!, reduce: reduce! } satisfies Candidates };
}
