import type { NetworkDescription, NetworkFile } from "../formats/mod.ts";
import { asState, type State } from "../network/mod.ts";
import { checkGenotype } from "./genotype.ts";
import { checkSpace } from "./sizes.ts";
import type { Genotype, Space } from "./space.ts";

/** A network of a fixed architecture with all that turns images into classes. */
export interface TrainedNetwork extends Pick<NetworkDescription, "classes" | "mean" | "std"> {
  /** Sizes. */
  readonly space: Space;
  /** Architecture. */
  readonly genotype: Genotype;
  /** Weights, running statistics and their counters. */
  readonly state: State;
}

/**
 * The network that a file holds, its sizes and architecture checked against the search spaces; its weights are not
 * ({@linkcode checkWeights}).
 *
 * @param file The file, read.
 * @returns The network.
 * @throws {TypeError | RangeError} If the space or the architecture is none, or the classes and channels are not those of the space.
 */
export function trainedNetworkOf({ description, tensors }: NetworkFile): TrainedNetwork {
  const { classes, mean, std } = description;
  const space = checkSpace(description.space);
  const genotype = checkGenotype(description.genotype, space.name);
  // A network of colour that learnt from grey images sees them three times, and has one mean.
  const isOfSpace = classes.length === space.classes && [1, space.inputChannels].includes(mean.length);
  if (!isOfSpace) {
    throw new TypeError("classes, mean and std are not those of the space");
  }
  return { space, genotype, classes, mean, std, state: asState(tensors) };
}

/**
 * Checks that a state has the tensors of a network.
 *
 * @param state The state.
 * @param tensors Names and shapes of the network's tensors.
 * @throws {RangeError} If one is missing or of another shape; names it.
 */
export function checkWeights(
  state: State,
  tensors: Iterable<{ readonly name: string; readonly shape: readonly number[] }>,
): void {
  for (const { name, shape } of tensors) {
    const found = state.get(name);
    if (found === undefined) throw new RangeError(`${name} is missing`);
    if (String(found.shape) === String(shape)) continue;
    throw new RangeError(`${name} has shape [${found.shape.join(", ")}], expected [${shape.join(", ")}]`);
  }
}
