import type { Network } from "../engine/mod.ts";
import { isBatchCounter, listBatchCounters, type State, type StateTensor } from "../network/mod.ts";
import type { Genotype, Space } from "./space.ts";
import { spaceKind } from "./table.ts";

/**
 * Cuts the state of a derived network out of a supernet's.
 *
 * Convolutions, running statistics, stem and classifier are inherited. Normalisations that are plain in the supernet
 * keep the weights and biases that the network has now: ones and zeros after `initialise`. The auxiliary head keeps its own.
 *
 * @param network The derived network, initialised; tells which tensors are wanted and in which shapes.
 * @param supernet State of the supernet, which must have the same sizes.
 * @param options Architecture of the derived network, and the space of the supernet.
 * @returns State with every tensor that could be inherited, to be loaded with `isPartial`.
 * @throws {RangeError} If the supernet lacks a tensor or holds it in another shape; names both tensors and shapes.
 */
export function inheritState(
  network: Pick<Network, "parameters" | "buffers">,
  supernet: State,
  { genotype, space }: { genotype: Genotype; space: Space },
): State {
  const kind = spaceKind(space.name);
  const state = new Map<string, StateTensor>();
  const counters = listBatchCounters(network).map((name) => ({ name, shape: [] }));
  for (const { name, shape } of [...network.parameters, ...network.buffers, ...counters]) {
    const source = kind.supernetName(name, genotype, space);
    if (source === undefined) continue;
    const tensor = supernet.get(source);
    if (tensor === undefined) {
      if (isBatchCounter(name) || isOfNormalisation(name, network)) continue;
      throw new RangeError(`Cannot inherit ${name}: the supernet has no ${source}, expected one`);
    }
    if (String(tensor.shape) !== String(shape)) {
      throw new RangeError(
        `Cannot inherit ${name}: ${source} has shape [${tensor.shape.join(", ")}], expected [${shape.join(", ")}]`,
      );
    }
    state.set(name, tensor);
  }
  return state;
}

/**
 * Renames the tensors of a derived network to what they are called in the supernet from which it was cut, weights and biases of
 * normalisations included: laid over a supernet's state, they let another network inherit the operations that both share.
 *
 * @param state State of the derived network; an auxiliary head is left out.
 * @param options Its architecture and sizes.
 * @returns The same tensors by the supernet's names.
 */
export function supernetNames(
  state: State,
  { genotype, space }: { genotype: Genotype; space: Space },
): Map<string, StateTensor> {
  const kind = spaceKind(space.name);
  const renamed = new Map<string, StateTensor>();
  for (const [name, tensor] of state) {
    const target = kind.supernetName(name, genotype, space);
    if (target !== undefined) renamed.set(target, tensor);
  }
  return renamed;
}

// A normalisation's weight is the one next to which there are running statistics.
function isOfNormalisation(name: string, network: Pick<Network, "buffers">): boolean {
  const prefix = name.slice(0, name.lastIndexOf("."));
  return network.buffers.some((buffer) => buffer.name === `${prefix}.running_mean`);
}
