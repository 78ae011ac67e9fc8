import { layCells, mixingIndex, type Space } from "./space.ts";
import type { State, StateTensor } from "./state.ts";

/**
 * Writes a supernet's mixing weights into its normalisations: a candidate operation that ends in one adds p times its output to a node,
 * and a weight of p does the same. A derived network that is cut out of the result adds its terms up in the shares
 * that they had; with weights of one, all would count alike, and features change more than they must. (Ours.)
 *
 * @param state State of the supernet, whose normalisations within cells are plain.
 * @param mixing Mixing weights, one an edge and operation.
 * @param space The supernet's space.
 * @returns The state, with a weight of p [C] and a bias of zero [C] for the last normalisation of every candidate.
 */
export function layMixing(state: State, mixing: Float32Array, space: Space): State {
  const last = new Map<string, { name: string; share: number; shape: readonly number[] }>();
  const cells = layCells(space.cells, space.channels);
  for (const [name, { shape }] of state) {
    const match = /^(cells\.(\d+)\._ops\.(\d+)\._ops\.(\d+)\..+)\.running_mean$/.exec(name);
    if (match === null) continue;
    const [, normalisation, cell, edge, operation] = match;
    const share = mixing[mixingIndex(space, cells[Number(cell)]!.type, Number(edge), Number(operation))]!;
    // Of the two halves of a separable convolution the second comes later.
    last.set(`${cell} ${edge} ${operation}`, { name: normalisation!, share, shape });
  }
  const added = [...last.values()].flatMap(({ name, share, shape }): [string, StateTensor][] => [
    [`${name}.weight`, { shape, data: new Float32Array(shape[0]!).fill(share) }],
    [`${name}.bias`, { shape, data: new Float32Array(shape[0]!) }],
  ]);
  return new Map([...state, ...added]);
}
