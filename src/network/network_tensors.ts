import type { Network } from "../engine/mod.ts";
import { collectMomentum, collectState, loadMomentum, loadState, type State, type StateTensor } from "./state.ts";
import type { TensorLike } from "../formats/mod.ts";

const MOMENTUM = "momentum.";

/**
 * Copies all of a network that a checkpoint needs: its state under the reference's names, momentum under `momentum.NAME`.
 *
 * @param network The network.
 * @param batchesTracked Training-mode passes that its running statistics have seen.
 * @returns Tensors by name.
 */
export function collectNetwork(network: Network, batchesTracked: number): Map<string, StateTensor> {
  const momentum = [...collectMomentum(network)].map(([name, tensor]) => [MOMENTUM + name, tensor] as const);
  return new Map([...collectState(network, { batchesTracked }), ...momentum]);
}

/**
 * Gives a network back what {@linkcode collectNetwork} copied.
 *
 * @param network The network.
 * @param tensors Tensors of a checkpoint; those named in `others` are left alone.
 * @param others Tensors that belong to something else.
 * @throws {RangeError} If tensors are missing, unknown, or of another shape.
 */
export function restoreNetwork(
  network: Network,
  tensors: ReadonlyMap<string, TensorLike>,
  others: (name: string) => boolean = () => false,
): void {
  const [state, momentum] = [new Map<string, StateTensor>(), new Map<string, StateTensor>()];
  for (const [name, tensor] of asState(tensors)) {
    if (name.startsWith(MOMENTUM)) momentum.set(name.slice(MOMENTUM.length), tensor);
    else if (!others(name)) state.set(name, tensor);
  }
  loadState(network, state);
  loadMomentum(network, momentum);
}

/**
 * Takes the tensors of a file as those of a network.
 *
 * @param tensors Tensors by name.
 * @returns The same.
 * @throws {TypeError} If one holds anything but 32-bit floats or 64-bit integers; names it.
 */
export function asState(tensors: ReadonlyMap<string, TensorLike>): State {
  for (const [name, { data }] of tensors) {
    if (data instanceof Float32Array || data instanceof BigInt64Array) continue;
    throw new TypeError(`Cannot read tensors: ${name} holds ${data.constructor.name}, expected 32-bit floats`);
  }
  return tensors as State;
}
