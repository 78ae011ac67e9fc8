import { type Network, SLOT } from "../engine/mod.ts";

/**
 * Leaves in a network the mean of the weights that several fillings give it. One filling alone is left as it is, bit for bit.
 *
 * Networks finetuned from a common ancestor have a mean that is often better than each of them, also on what none has seen
 * (Wortsman et al., _Model soups_ and _Robust fine-tuning of zero-shot models_, both 2022).
 *
 * @param network The network. Its running statistics are those of the last filling.
 * @param fills Each fills the network with weights, at least one; called in turn.
 * @returns What they returned.
 */
export function meanWeights<Filling>(
  { vectors }: Pick<Network, "vectors">,
  fills: readonly (() => Filling)[],
): Filling[] {
  if (fills.length === 1) return [fills[0]!()];
  const mean = vectors.allocate();
  try {
    const fillings = fills.map((fill) => {
      const filling = fill();
      vectors.axpy(1 / fills.length, SLOT.values, mean);
      return filling;
    });
    vectors.copy(mean, SLOT.values);
    return fillings;
  } finally {
    vectors.free(mean);
  }
}
