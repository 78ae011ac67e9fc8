import { type Network, SLOT } from "../engine/mod.ts";

/** How the mean of what workers learnt becomes the weights of the next round. */
export interface OuterSettings {
  /** Share of the way from the old weights to the mean. */
  readonly learningRate: number;
  /** Nesterov momentum; with a learning rate of 1 and none, the weights are the mean. */
  readonly momentum: number;
}

/** Settings of DiLoCo (Douillard et al. 2023, table 5). */
export const DILOCO: OuterSettings = { learningRate: 0.7, momentum: 0.9 };

/** Whether an outer optimiser remembers something from one round to the next. */
export function remembers({ momentum }: OuterSettings): boolean {
  return momentum > 0;
}

/**
 * One step of SGD with Nesterov momentum on the difference old − mean, over all weights of a network (DiLoCo):
 * v ← m·v + (old − mean), θ ← old − r·(old − mean) − r·m·v, written so that r = 1 and m = 0 leave the mean, bit for bit.
 *
 * @param network The network, with the old weights as its values; the new ones afterwards.
 * @param slots Slots of the mean, and of the velocity, which is moved on.
 * @param settings Learning rate r and momentum m.
 */
export function stepOuter(
  { vectors }: Pick<Network, "vectors">,
  { mean, velocity }: { mean: number; velocity: number },
  { learningRate, momentum }: OuterSettings,
): void {
  if (momentum > 0) {
    vectors.scale(momentum, velocity);
    vectors.axpy(1, SLOT.values, velocity);
    vectors.axpy(-1, mean, velocity);
  }
  vectors.blend(learningRate, mean, SLOT.values);
  if (momentum > 0) vectors.axpy(-learningRate * momentum, velocity, SLOT.values);
}

/**
 * The same step for architecture parameters.
 *
 * @param old Alpha at the beginning of the round.
 * @param mean That of the workers.
 * @param velocity What `velocity` was after the round before; zeros in the first.
 * @param settings Learning rate and momentum.
 * @returns The new alpha and velocity.
 */
export function stepOuterAlpha(
  old: Float32Array,
  { mean, velocity }: { mean: Float32Array; velocity: Float32Array },
  { learningRate, momentum }: OuterSettings,
): { alpha: Float32Array; velocity: Float32Array } {
  const moved = velocity.map((speed, i) => momentum * speed + (old[i]! - mean[i]!));
  const alpha = mean.map((to, i) =>
    learningRate * to + (1 - learningRate) * old[i]! - learningRate * momentum * moved[i]!
  );
  return { alpha, velocity: moved };
}
