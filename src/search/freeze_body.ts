import type { Network } from "../engine/mod.ts";
import { isOfClassifier, type Learns } from "../network/mod.ts";

/**
 * Freezes all of a network but its classifier, or nothing but what has stopped.
 *
 * @param network The network.
 * @param learns Which weights are to learn.
 * @param stopped Parameters of the body that learn no more in any case.
 */
export function freezeBody(
  network: Pick<Network, "parameters" | "freeze">,
  learns: Learns,
  stopped: readonly string[] = [],
): void {
  const body = network.parameters.map(({ name }) => name).filter((name) => !isOfClassifier(name));
  network.freeze(learns === "head" ? body : stopped);
}
