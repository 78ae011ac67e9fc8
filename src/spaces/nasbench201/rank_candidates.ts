import { candidatesOf, mixingIndex, type NasBench201Space, type Operation } from "./space.ts";

/**
 * The operations that an edge holds, the strongest first; ties go to the lower index.
 *
 * @param strengths One number an edge and operation, in the layout of the mixing weights.
 * @param space The space, pruned or whole.
 * @param edge Position of the edge.
 * @returns Its operations.
 */
export function rankCandidates(strengths: Float32Array, space: NasBench201Space, edge: number): Operation[] {
  const strength = (operation: Operation) => strengths[mixingIndex(edge, operation)]!;
  return candidatesOf(space, edge).toSorted((a, b) => strength(b) - strength(a)); // stable
}
