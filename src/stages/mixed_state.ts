import type { State } from "../network/mod.ts";
import { type Genotype, layMixing, type Space } from "../spaces/mod.ts";
import type { SearchMethod } from "../search/mod.ts";

/**
 * A searched supernet's state with the mixing weights that its alpha stands for, ready for a derived network to be cut out of it
 * ({@linkcode layMixing}).
 *
 * @param supernet Its state, alpha and space.
 * @param options The architecture that is cut out, the method whose alpha this is, the user's seed for methods that draw.
 * @returns The state.
 */
export function mixedState(
  { state, alpha, space }: { state: State; alpha: Float32Array; space: Space },
  { genotype, method, seed }: { genotype: Genotype; method: SearchMethod; seed: number },
): State {
  const mixing = method.mix(alpha, { purpose: "evaluation", seed, epoch: 0, step: 0 }).weights;
  return layMixing(state, mixing, { space, genotype });
}
