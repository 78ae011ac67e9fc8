import { type Program, ProgramBuilder } from "../engine/mod.ts";
import { CostCounter, type NetworkCost, type State } from "../network/mod.ts";
import type { CandidateGroups, Space } from "./space.ts";
import { spaceKind } from "./table.ts";

/**
 * Lowers a space to the program of its supernet: every group holds every candidate, or those that a pruned space has left.
 *
 * The program takes one mixing weight a candidate, in the layout of {@linkcode groupsOf}. Tensor names are those of the state
 * dict of the reference implementation.
 *
 * @param space The space.
 * @param heads Classes of each dataset if it is to tell those of several apart, each within its own; together those of the
 * space. The program's parameters are the same without.
 * @returns The program.
 * @example A supernet that runs
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Engine } from "../engine/mod.ts";
 * import { buildSupernet, costOfSupernet, makeSpace } from "./mod.ts";
 *
 * const sizes = { channels: 4, cells: 3, nodes: 2 };
 * const space = makeSpace({ name: "darts", classes: 10, inputChannels: 1, height: 8, width: 8 }, sizes);
 * const engine = await Engine.start({ threads: 1 });
 * const network = engine.compile(buildSupernet(space), { batch: 16 });
 * assertEquals(network.parameters.length, costOfSupernet(space).tensors.length);
 * engine.close();
 * ```
 */
export function buildSupernet(space: Space, heads?: readonly number[]): Program {
  const { height, width, inputChannels: channels } = space;
  const builder = new ProgramBuilder({ height, width, channels });
  spaceKind(space.name).lowerSupernet(builder, space, heads);
  return builder.build(groupsOf(space).exists.length);
}

/**
 * Counts the parameters and multiply-adds of a supernet.
 *
 * @param space Search space.
 * @returns Its cost; for the space of DARTS with the sizes of the paper 1,930,618 parameters.
 * @example A supernet costs more than any network that is cut out of it
 * ```ts
 * import { assert } from "@std/assert";
 * import { costOfDerivedNetwork, costOfSupernet, makeSpace, randomGenotype } from "./mod.ts";
 *
 * const space = makeSpace({ name: "darts", classes: 10, inputChannels: 1, height: 28, width: 28 });
 * const supernet = costOfSupernet(space);
 * const derived = costOfDerivedNetwork({ space, genotype: randomGenotype(1, space) });
 * assert(derived.parameters < supernet.parameters);
 * assert(derived.multiplyAdds < supernet.multiplyAdds);
 * ```
 */
export function costOfSupernet(space: Space): NetworkCost {
  const { height, width, inputChannels: channels } = space;
  const counter = new CostCounter({ height, width, channels });
  spaceKind(space.name).lowerSupernet(counter, space);
  return counter.cost();
}

/**
 * The layout of a supernet's mixing weights: which candidates compete, and which exist.
 *
 * @param space The space, pruned or whole.
 * @returns The layout; see {@linkcode CandidateGroups}.
 */
export function groupsOf(space: Space): CandidateGroups {
  return spaceKind(space.name).groups(space);
}

/**
 * Tells the tensors of candidate operations.
 *
 * @param name State-dict name of a supernet's tensor.
 * @param space The search space.
 * @returns Prefix of the operation's tensors, which is one in every cell; undefined for a tensor of none, such as the stem's.
 */
export function operationOf(name: string, space: Space): string | undefined {
  return spaceKind(space.name).operationOf(name);
}

/**
 * Draws one of the networks that a supernet holds, as mixing weights: 1 for what is in it, else 0.
 *
 * Weights that were only ever trained as terms of a long sum do badly when they are cut out; those that took part in such
 * draws do not. Sources: path dropout of one-shot models (Bender et al., 2018, section 3.2), single-path sampling (Guo et al.,
 * 2020, section 3.2).
 *
 * @param strengths One number a candidate, in the layout of the mixing weights (a method's `strengths`).
 * @param space The search space.
 * @param seed Unsigned 32-bit seed; the same one gives the same network.
 * @returns Mixing weights.
 */
export function samplePath(strengths: Float32Array, space: Space, seed: number): Float32Array {
  return spaceKind(space.name).samplePath(strengths, space, seed);
}

/**
 * Prunes a search space: every group keeps the candidates for which alpha speaks most strongly.
 *
 * What is left costs a fraction of the time and is closer to the network that will be derived. Dropping candidates by
 * their weight while the search goes on is P-DARTS' search space approximation (Chen et al., 2019, section 3.2); that the
 * weights come from other datasets is ours.
 *
 * @param space The space; may have been pruned before.
 * @param strengths One number a candidate, in the layout of the mixing weights (a method's `strengths`).
 * @param keep Most candidates of a group. Ties go to the lower index.
 * @returns The space with its candidates, and the same layout of mixing weights.
 * @throws {RangeError} If a group is to keep none.
 * @example The two strongest candidates of every edge
 * ```ts
 * import { assert } from "@std/assert";
 * import { costOfSupernet, groupsOf, makeSpace, pruneSpace } from "./mod.ts";
 *
 * const space = makeSpace({ name: "darts", classes: 10, inputChannels: 1, height: 28, width: 28 });
 * const strengths = Float32Array.from(groupsOf(space).exists, (_, i) => (5 * i) % 8);
 * const pruned = pruneSpace(space, strengths, 2);
 * assert(costOfSupernet(pruned).multiplyAdds < costOfSupernet(space).multiplyAdds);
 * ```
 */
export function pruneSpace(space: Space, strengths: Float32Array, keep: number): Space {
  if (!(Number.isInteger(keep) && keep >= 1)) {
    throw new RangeError(`Cannot prune space: ${keep} operations an edge are to be kept, expected 1 or more`);
  }
  return spaceKind(space.name).prune(space, strengths, keep);
}

/**
 * The part of a supernet's state that the supernet of a pruned space has.
 *
 * @param state State of the whole supernet, or of one that was pruned less: any tensors by state-dict name.
 * @param space The pruned space.
 * @returns Its tensors, without those of candidates that are gone.
 */
export function pruneState(state: State, space: Space): State {
  const { tensors, norms } = costOfSupernet(space);
  const held = new Set(tensors.map(({ name }) => name));
  const normalised = new Set(norms);
  return new Map([...state].filter(([name]) => held.has(name) || normalised.has(name.slice(0, name.lastIndexOf(".")))));
}
