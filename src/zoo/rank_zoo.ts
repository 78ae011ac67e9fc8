import { openDataset, type OpenOptions } from "../data/mod.ts";
import { DEFAULT_EPSILON, type Engine } from "../engine/mod.ts";
import type { Card } from "./card.ts";
import { listZoo, openSignatures, orProblem } from "./entry.ts";
import { openEmbedder } from "./embedding.ts";
import { measureSource, type RankedSource, rankSources } from "./ranking.ts";
import { sampleSignature } from "./sign_sources.ts";

/** For what a supernet is selected, and how. */
export interface SelectOptions {
  /** Target dataset: name or folder. */
  readonly target: string;
  /** How its pictures become images. */
  readonly opening?: OpenOptions | undefined;
  /** Folder of the zoo; that of the project if left out. */
  readonly zoo?: string | undefined;
  /** Most images of the target, class-balanced. */
  readonly images: number;
  /** Entropic regularisation as a share of the mean cost. */
  readonly epsilon: number;
  /** Chooses the images. */
  readonly seed: number;
}

/** Defaults of a selection. */
export const SELECT_DEFAULTS: Omit<SelectOptions, "target"> = {
  images: 1000,
  epsilon: DEFAULT_EPSILON,
  seed: 0,
};

/** Supernets of a zoo by the distance of their data from a target. */
export interface Selection {
  /** The nearest first. */
  readonly ranking: readonly RankedSource[];
  /** Names of entries without a signature, which cannot be compared. */
  readonly unsigned: readonly string[];
  /** What is wrong with entries that cannot be read: lines to be shown as they are. */
  readonly problems: readonly string[];
}

/**
 * Ranks the supernets of a zoo on a running engine.
 *
 * @param engine The engine.
 * @param options For what and how; `only`: which entries, all if left out.
 * @returns The ranking; does not depend on the number of threads.
 * @throws {DataError | RangeError} If the target cannot be read; one line.
 */
export async function rankZoo(
  engine: Engine,
  options: SelectOptions & { only?: (card: Card) => boolean },
): Promise<Selection> {
  const { target, opening, zoo, images, epsilon, seed, only = () => true } = options;
  using embedder = await openEmbedder(engine);
  const dataset = await openDataset(target, opening);
  const sample = sampleSignature(embedder, dataset, { images, seed });
  const measured: RankedSource[] = [];
  const unsigned: string[] = [];
  const { cards, problems } = await listZoo(zoo);
  const broken = [...problems];
  for (const { name, space } of cards.filter(only)) {
    const signatures = await orProblem(() => openSignatures(name, zoo));
    if (typeof signatures === "string") broken.push(signatures);
    else if (signatures === undefined) unsigned.push(name);
    else measured.push(measureSource(engine, sample, { name, side: space.height, signatures }, { epsilon }));
  }
  return { ranking: rankSources(measured, dataset.height), unsigned, problems: broken };
}
