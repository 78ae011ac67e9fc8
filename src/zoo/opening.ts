import type { ImportListener, ImportSettings, OpenOptions } from "../data/mod.ts";
import type { Card } from "./card.ts";
import type { Model } from "./model_file.ts";

/**
 * How a dataset is opened for a trained network: its pictures become images as those did that it has learnt from.
 *
 * @param model The network.
 * @param options Folder of decoded images, and who listens.
 * @returns Options of `openDataset`.
 */
export function openingFor(
  { images, space: { height, width }, mean }: Pick<Model, "images" | "space" | "mean">,
  { cache, listener }: { cache?: string | undefined; listener?: ImportListener | undefined } = {},
): OpenOptions {
  const like = { height, width, channels: mean.length === 1 ? 1 as const : 3 as const };
  return { ...listener, cache, import: images, like };
}

/**
 * How the pictures of an entry's datasets became images.
 *
 * @param card The entry's card.
 * @returns The settings, unchecked; those that are left out where no pictures were imported.
 */
export function importOf({ recipe: { images } }: Pick<Card, "recipe">): ImportSettings {
  return typeof images === "object" && images !== null ? images : {};
}
