import { openDataset } from "../data/mod.ts";
import { Engine } from "../engine/mod.ts";
import { decodeSealed, FormatError } from "../formats/mod.ts";
import { MOST_BYTES, readRegularFile, RunError } from "../run/mod.ts";
import type { Supernet } from "../search/mod.ts";
import type { Card } from "./card.ts";
import { openZooEntry, writeSignatures } from "./entry.ts";
import { importOf } from "./opening.ts";
import { signSources } from "./sign_sources.ts";
import { SUPERNET_FILE, supernetOf } from "./supernet_file.ts";
import { join } from "node:path";

/**
 * Opens an entry and verifies its tensors.
 *
 * @param nameOrPath Name, or path of its folder.
 * @param folder The zoo; that of the project if left out.
 * @returns Its card.
 * @throws {Error} If there is none, or it is damaged; one line.
 */
export async function showZooEntry(nameOrPath: string, folder?: string): Promise<Card> {
  return (await openZooEntry(nameOrPath, folder)).card;
}

/**
 * Gives an entry of a zoo signatures of the datasets that it was pretrained on, for `select`.
 *
 * @param name Name of the entry, or path of its folder: that is where it is written to.
 * @param options Its datasets (names or folders, in the order of the card); the seed that chooses images; the zoo, that
 * of the project if left out.
 * @returns Its card.
 * @throws {DataError} If a dataset cannot be opened.
 * @throws {RangeError} If the datasets are not those of the card.
 */
export async function signZooEntry(
  name: string,
  { data, seed, zoo }: { data: readonly string[]; seed: number; zoo?: string | undefined },
): Promise<Card> {
  const card = await showZooEntry(name, zoo);
  const { sources } = card;
  if (data.length !== sources.length) {
    throw new RangeError(`Cannot sign ${name}: found ${data.length} datasets, expected its ${sources.length}`);
  }
  const datasets = await Promise.all(data.map((dataset) => openDataset(dataset, { import: importOf(card) })));
  datasets.forEach(({ fingerprint }, i) => {
    if (fingerprint === sources[i]!.fingerprint) return;
    const found = `${data[i]} holds other images`;
    throw new RangeError(`Cannot sign ${name}: ${found}, expected ${sources[i]!.name} as the card has it`);
  });
  const engine = await Engine.start({ threads: 1 });
  try {
    return await writeSignatures(name, await signSources(engine, datasets, seed), zoo);
  } finally {
    engine.close();
  }
}

/** A supernet to be grafted, and what it is called. */
export interface NamedSource {
  /** Name of the zoo entry, or path of the run. */
  readonly name: string;
  /** The supernet. */
  readonly supernet: Supernet;
  /** Fingerprints of the datasets that it was pretrained on, in the order of its heads; unknown of a run. */
  readonly datasets?: readonly string[];
  /** How it was pretrained; unknown of a run. */
  readonly recipe?: Card["recipe"];
}

/**
 * Opens the supernet of a zoo entry or of a search, transfer or pretrain run.
 *
 * @param nameOrPath Name of an entry, path of an entry's folder, or path of a run's.
 * @param folder The zoo; that of the project if left out.
 * @returns The supernet.
 * @throws {Error} If there is none, or it is damaged; one line.
 */
export async function openSource(nameOrPath: string, folder?: string): Promise<NamedSource> {
  if (await exists(join(nameOrPath, "config.json"))) return await openSupernet(nameOrPath);
  const entry = await openZooEntry(nameOrPath, folder);
  const { card, supernet } = entry;
  return {
    name: card.name,
    supernet,
    datasets: card.sources.map(({ fingerprint }) => fingerprint),
    recipe: card.recipe,
  };
}

/**
 * Reads the supernet of a run.
 *
 * @param path Folder of the run.
 * @returns The supernet.
 * @throws {RunError} If it has none yet, or it is damaged.
 */
export async function openSupernet(path: string): Promise<NamedSource> {
  const file = join(path, SUPERNET_FILE);
  const bytes = await readRegularFile(file, { maximumBytes: MOST_BYTES.tensors });
  if (bytes === undefined) {
    throw new RunError(`Cannot read ${file}: found no such file, expected that of a finished search`);
  }
  try {
    return { name: path, supernet: supernetOf(await decodeSealed(bytes, { file })) };
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new RunError(`Cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
