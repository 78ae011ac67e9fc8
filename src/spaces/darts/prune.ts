import {
  type Candidates,
  CELL_TYPES,
  type CellType,
  type DartsSpace,
  listEdges,
  mixingIndex,
  PRIMITIVES,
} from "./space.ts";

/**
 * Takes candidate operations away: every edge keeps those of the largest strengths, and `none`.
 *
 * @param space The space; may have been pruned before.
 * @param strengths One number an edge and operation, in the layout of the mixing weights.
 * @param keep Most candidates of an edge, beside `none`; 1 or more. Ties go to the lower index.
 * @returns The space with its candidates.
 */
export function pruneDartsSpace(space: DartsSpace, strengths: Float32Array, keep: number): DartsSpace {
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
