import type { Network } from "../engine/mod.ts";

/** Largest norm of a head that SGD starts with, in multiples of a random head's (docs/lab/inheritance.md). */
const LARGEST = 16;

/**
 * Flattens the logits of a head that is too steep for SGD to go on from: weights and biases are divided by one number, so that the
 * weights' norm is at most sixteen times that of a random head. The strongest class of every image stays. (Ours.)
 *
 * A head in closed form divides by the covariance of the features. Where these are poor, as after a short search from scratch, it
 * rests on directions in which they hardly vary, with weights that are hundreds of times a random head's. The gradient of the
 * body grows with them: one step of the usual length then moves the logits by more than they tell.
 *
 * @param network The network; `classifier.weight`, [classes, features], and `classifier.bias`, [classes], may be overwritten.
 * @returns The number by which they were divided; 1 if the head was not too steep.
 */
export function temperHead(network: Pick<Network, "read" | "write" | "parameters">): number {
  const [classes] = network.parameters.find(({ name }) => name === "classifier.weight")!.shape as [number, number];
  const weights = network.read("classifier.weight");
  const norm = Math.sqrt(weights.reduce((sum, value) => sum + value * value, 0));
  // A random head's weights are uniform between ±1/√features: each has a variance of 1 / (3 · features).
  const divisor = Math.max(1, norm / (LARGEST * Math.sqrt(classes / 3)));
  if (divisor === 1) return divisor;
  network.write("classifier.weight", weights.map((value) => value / divisor));
  network.write("classifier.bias", network.read("classifier.bias").map((value) => value / divisor));
  return divisor;
}
