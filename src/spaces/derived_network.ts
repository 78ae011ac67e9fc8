import { type Program, ProgramBuilder } from "../engine/mod.ts";
import { CostCounter, type NetworkCost, type State } from "../network/mod.ts";
import type { DerivedOptions, Genotype, Space } from "./space.ts";
import { spaceKind } from "./table.ts";

/**
 * Lowers an architecture to the program of its final network. Tensor names are those of the state dict of the reference
 * implementation.
 *
 * @param options Sizes, architecture, auxiliary head.
 * @returns The program; it has no mixing weights.
 * @throws {RangeError} If architecture and sizes do not fit each other.
 */
export function buildDerivedNetwork(options: DerivedOptions): Program {
  const { name, height, width, inputChannels: channels } = options.space;
  const builder = new ProgramBuilder({ height, width, channels });
  spaceKind(name).lowerDerivedNetwork(builder, options);
  return builder.build(0);
}

/**
 * Counts the parameters and multiply-adds of a derived network.
 *
 * @param options Sizes, architecture, auxiliary head.
 * @returns Its cost.
 * @throws {RangeError} If architecture and sizes do not fit each other.
 */
export function costOfDerivedNetwork(options: DerivedOptions): NetworkCost {
  const { name, height, width, inputChannels: channels } = options.space;
  const counter = new CostCounter({ height, width, channels });
  spaceKind(name).lowerDerivedNetwork(counter, options);
  return counter.cost();
}

/**
 * Writes the shares that a supernet's candidates had in their mixtures into its state, so that the derived network which is cut
 * out of it does not add all of its terms up alike. (Ours.)
 *
 * @param state State of the supernet.
 * @param mixing Mixing weights, in the layout of {@linkcode groupsOf}.
 * @param options The supernet's space, and the architecture that is cut out.
 * @returns The state, with further tensors for the derived network.
 */
export function layMixing(
  state: State,
  mixing: Float32Array,
  options: { space: Space; genotype: Genotype },
): State {
  return spaceKind(options.space.name).layMixing(state, mixing, options);
}
