import type { Network } from "../engine/mod.ts";
import { deriveSeed } from "./keyed_random.ts";

/**
 * Gives a network its initial weights, the same for every search and training that starts from this seed.
 *
 * @param network Network whose weights are overwritten.
 * @param seed The user's seed.
 */
export function initialiseNetwork(network: Pick<Network, "initialise">, seed: number): void {
  network.initialise(deriveSeed(seed, "weights"));
}
