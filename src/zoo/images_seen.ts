/** Settings of a pretraining, as a card has them. */
type Recipe = Readonly<Record<string, unknown>>;

/**
 * Images from which a supernet's weights have learnt, one counted as often as it came up.
 *
 * @param recipe The card's recipe, with those of the pretrainings that it continues; of the mean of several the longest counts.
 * @returns The number; undefined where the recipe does not say it, for an epoch was all images of a dataset.
 */
export function imagesSeen(recipe: Recipe): number | undefined {
  const { epochs, imagesPerEpoch, continues, prior } = recipe;
  if (typeof epochs !== "number" || typeof imagesPerEpoch !== "number") return undefined;
  const own = epochs * imagesPerEpoch;
  // With alpha alone weights began at random.
  if (continues === undefined || prior === "alpha") return own;
  const earlier = (Array.isArray(continues) ? continues : [continues]).map((one) => imagesSeen(one as Recipe));
  return earlier.some((count) => count === undefined) ? undefined : own + Math.max(...earlier as number[]);
}
