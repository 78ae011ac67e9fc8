import { openDataset } from "../data/mod.ts";
import { type Build, DEFAULT_EPSILON, Engine } from "../engine/mod.ts";
import {
  type Card,
  type FeatureSpace,
  listZoo,
  measureSource,
  openSignatures,
  openZooEntry,
  type RankedSource,
  rankSources,
} from "../transfer/mod.ts";
import { poolFeatures } from "./pooled_features.ts";
import { sampleSignature } from "./signature.ts";
import { zooCodec } from "./zoo.ts";

/** For what a supernet is selected, and how. */
export interface SelectOptions {
  /** Target dataset: name or folder. */
  readonly target: string;
  /** Folder of the zoo; that of the project if left out. */
  readonly zoo?: string;
  /** Where datasets are compared. */
  readonly space: FeatureSpace;
  /** Most images of the target, class-balanced. */
  readonly images: number;
  /** Entropic regularisation as a share of the mean cost. */
  readonly epsilon: number;
  /** Chooses the images. */
  readonly seed: number;
}

/** Defaults of a selection. */
export const SELECT_DEFAULTS: Omit<SelectOptions, "target"> = {
  space: "pixels",
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
}

/** What `select` answers. */
export interface SelectResult extends Selection {
  /** Command. */
  readonly command: "select";
  /** Target dataset, as the user named it. */
  readonly target: string;
  /** Seconds of all. */
  readonly seconds: number;
  /** Build, mode, threads and the settings. */
  readonly [further: string]: unknown;
}

/**
 * Ranks the supernets of a zoo by the optimal-transport distance between a target's training images and their sources'.
 *
 * @param options For what and how; build and threads.
 * @returns The ranking.
 * @throws {DataError | RunError | RangeError} If the target or an entry cannot be read; one line.
 */
export async function select(options: SelectOptions & { build?: Build; threads?: number }): Promise<SelectResult> {
  const startedAt = performance.now();
  const { build, threads, ...settings } = options;
  const engine = await Engine.start({ ...(build && { build }), ...(threads && { threads }) });
  try {
    const selection = await rankZoo(engine, settings);
    const { mode } = engine;
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    return {
      command: "select",
      ...settings,
      build: engine.build,
      mode,
      threads: engine.threads,
      seconds,
      ...selection,
    };
  } finally {
    engine.close();
  }
}

/**
 * Ranks the supernets of a zoo on a running engine.
 *
 * @param engine The engine.
 * @param options For what and how; `only`: which entries, all if left out.
 * @returns The ranking; does not depend on the number of threads.
 * @throws {DataError | RunError | RangeError} If the target or an entry cannot be read; one line.
 */
export async function rankZoo(
  engine: Engine,
  options: SelectOptions & { only?: (card: Card) => boolean },
): Promise<Selection> {
  const { target, zoo, space, images, epsilon, seed, only = () => true } = options;
  const sample = sampleSignature(engine, await openDataset(target), { images, seed });
  const measured: RankedSource[] = [];
  const unsigned: string[] = [];
  for (const card of await listZoo(zoo)) {
    if (!only(card)) continue;
    const { name } = card;
    const signatures = await openSignatures(name, zoo);
    if (signatures === undefined) {
      unsigned.push(name);
      continue;
    }
    const entry = space === "features"
      ? await openZooEntry(name, { codec: zooCodec, ...(zoo !== undefined && { folder: zoo }) })
      : undefined;
    const candidate = { name, signatures, ...(entry && { embed: poolFeatures.bind(undefined, engine, entry) }) };
    measured.push(measureSource(engine, sample, candidate, { epsilon }));
  }
  return { ranking: rankSources(measured), unsigned };
}
