import { layMixing, type Space, type State } from "../network/mod.ts";
import type { SearchMethod } from "../search/mod.ts";

/**
 * A searched supernet's state with the mixing weights that its alpha stands for, ready for a derived network to be cut out of it
 * ({@linkcode layMixing}).
 *
 * @param supernet Its state, alpha and space.
 * @param method The method whose alpha this is.
 * @param seed The user's seed, for methods that draw.
 * @returns The state.
 */
export function mixedState(
  { state, alpha, space }: { state: State; alpha: Float32Array; space: Space },
  method: SearchMethod,
  seed: number,
): State {
  return layMixing(state, method.mix(alpha, { purpose: "evaluation", seed, epoch: 0, step: 0 }).weights, space);
}
