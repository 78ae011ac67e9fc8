import { deriveSeed, keyedRandom } from "../../network/mod.ts";
import type { DrawContext } from "./method.ts";

const RESOLUTION = 2 ** 24;

/**
 * A generator of uniform numbers for a draw of mixing weights: a function of the search's seed and the moment only, so that a search
 * that is resumed draws the same.
 *
 * @param context When and for what is drawn.
 * @returns A function that gives the next number, strictly between 0 and 1.
 */
export function uniformNoise({ purpose, seed, epoch, step }: DrawContext): () => number {
  const random = keyedRandom(deriveSeed(seed, `${purpose} ${epoch} ${step}`));
  return () => (random(RESOLUTION) + 0.5) / RESOLUTION;
}
