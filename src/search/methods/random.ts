import type { Engine } from "../../engine/mod.ts";
import { deriveSeed } from "../../network/mod.ts";
import { groupsOf, samplePath, type Space } from "../../spaces/mod.ts";
import type { MethodRow, SearchMethod } from "./method.ts";
import { softmaxGroups } from "./softmax.ts";

/** One architecture drawn by the seed: what every search must beat. */
export const RANDOM: MethodRow = {
  name: "random",
  title: "Random",
  description: "one architecture drawn by the seed, whose weights alone learn: what every search must beat",
  paper: "Li and Talwalkar, Random Search and Reproducibility for NAS, UAI 2019, arXiv 1902.07638",
  // The images that are left only validate.
  trainPortion: 0.8,
  create: createRandom,
};

/**
 * The method that draws and never learns. Its alpha is the mixing weights of one network that the supernet holds: 1 for what is in it,
 * else 0. Names are its own, for another method's alpha means something else.
 *
 * @param space The search space.
 * @returns The method; it has no state.
 */
export function createRandom(space: Space): SearchMethod {
  const groups = groupsOf(space);
  const within = (path: Float32Array) => path.map((weight, i) => groups.exists[i] ? weight : 0);
  return {
    name: RANDOM.name,
    parameters: groups.tensors.map(({ name, shape }) => ({ name: `path_${name}`, shape })),
    initialAlpha: (_: Pick<Engine, "normals">, seed) => drawPath(space, deriveSeed(seed, "random architecture")),
    mix: (alpha) => ({ weights: within(alpha), isPath: true, gradient: (slopes) => slopes.map(() => 0) }),
    strengths: within,
    startEpoch: () => {},
    updatesAlpha: () => false,
    state: () => null,
    restore: () => {},
  };
}

/**
 * Draws one of the networks that a supernet holds, all candidates alike.
 *
 * @param space The search space.
 * @param seed Unsigned 32-bit seed; the same one gives the same network.
 * @returns Mixing weights: 1 for what is in it, else 0.
 */
export function drawPath(space: Space, seed: number): Float32Array {
  const groups = groupsOf(space);
  return samplePath(softmaxGroups(new Float32Array(groups.exists.length), groups), space, seed);
}
