import { join } from "node:path";
import { openDataset, printable } from "../data/mod.ts";
import { sha256 } from "../formats/mod.ts";
import { MOST_BYTES, readRegularFile, RunError } from "../run/mod.ts";
import { zooFolder } from "../zoo/mod.ts";
import type { FlagValue, FlagValues } from "./study.ts";

/** Flags that name datasets, in all commands. */
export const DATASETS: readonly string[] = ["target", "data"];
/** Flags that name entries of the zoo, runs or files, in all commands. */
const OTHERS = ["source", "sources", "from", "multi", "sizesOf", "genotype", "features"];
/** Names of sources that stand for any entry of the zoo. */
const CHOSEN = ["auto", "single", "random"];
/** Files by which a folder is known: the card of an entry, the result of a run. */
const CARDS = ["card.json", "result.json"];

/**
 * Takes the fingerprints of all that trials read, each once.
 */
export class Inputs {
  readonly #known = new Map<string, Promise<string>>();
  readonly #cache: string | undefined;

  /** @param options `cache`: folder of decoded pictures. */
  constructor({ cache }: { cache?: string | undefined } = {}) {
    this.#cache = cache;
  }

  /**
   * Takes the fingerprints of what a trial reads.
   *
   * @param settings Values of flags by their camelCase names; those that name datasets, entries, runs and files count.
   * @param readsZoo Whether the command chooses from the zoo where no source is named.
   * @returns Fingerprints by what is fingerprinted, such as `target uci-digits`.
   * @throws {DataError | RunError} If something is not there.
   */
  async of(settings: FlagValues, readsZoo: boolean): Promise<Record<string, string>> {
    const zoo = typeof settings.zoo === "string" ? settings.zoo : zooFolder();
    const found: Record<string, string> = {};
    for (const flag of DATASETS) {
      for (const name of namesIn(settings[flag])) {
        found[`${flag} ${name}`] = await this.#once(
          `data ${name}`,
          () => fingerprintAt(flag, name, { cache: this.#cache }),
        );
      }
    }
    const named = OTHERS.flatMap((flag) => namesIn(settings[flag]).map((name) => [flag, name] as const));
    for (const [flag, name] of named) {
      if (!CHOSEN.includes(name)) {
        found[`${flag} ${name}`] = await this.#once(`${zoo} ${name}`, () => identify(name, zoo));
      }
    }
    const isChosen = readsZoo && !named.some(([flag, name]) => flag === "source" && !CHOSEN.includes(name));
    if (isChosen) found.zoo = await this.#once(`zoo ${zoo}`, () => identifyZoo(zoo));
    return found;
  }

  async #once(key: string, take: () => Promise<string>): Promise<string> {
    const known = this.#known.get(key) ?? take();
    this.#known.set(key, known);
    try {
      return await known;
    } catch (error) {
      this.#known.delete(key);
      throw error;
    }
  }
}

/**
 * Takes the fingerprint of what stands at a path.
 *
 * @param flag Flag that names it, or `zoo`: what it is.
 * @param path The path.
 * @param options `cache`: folder of decoded pictures.
 * @returns Its fingerprint, as {@linkcode Inputs.of} takes it.
 * @throws {DataError | RunError} If it is none of its kind.
 */
export async function fingerprintAt(
  flag: string,
  path: string,
  { cache }: { cache?: string | undefined } = {},
): Promise<string> {
  if (flag === "zoo") return await identifyZoo(path);
  return DATASETS.includes(flag) ? (await openDataset(path, { cache })).fingerprint : await identify(path, "");
}

function namesIn(value: FlagValue | undefined): string[] {
  // A genotype may be given in words instead of a file.
  if (value === undefined || typeof value === "boolean" || /^\s*[{[]/.test(String(value))) return [];
  return (Array.isArray(value) ? value.map(String) : String(value).split(",")).map((name) => name.trim());
}

/** Checksum of an entry's card, of a run's result, or of a file. */
async function identify(name: string, zoo: string): Promise<string> {
  const folders = /[/\\]/.test(name) ? [name] : [join(zoo, name), name];
  for (const path of [...folders.flatMap((folder) => CARDS.map((card) => join(folder, card))), name]) {
    const hash = await hashOf(path);
    if (hash !== undefined) return hash;
  }
  throw new RunError(
    `Cannot find ${printable(name)}: expected an entry of the zoo ${printable(zoo)}, a finished run or a file`,
  );
}

/** Checksum of the cards of a zoo: they hold those of all its files. */
async function identifyZoo(zoo: string): Promise<string> {
  const names = (await Array.fromAsync(Deno.readDir(zoo), ({ name }) => name)).sort();
  const hashes = await Promise.all(names.map((name) => hashOf(join(zoo, name, CARDS[0]!))));
  return await sha256(new TextEncoder().encode(JSON.stringify(hashes.filter((hash) => hash !== undefined))));
}

async function hashOf(path: string): Promise<string | undefined> {
  try {
    if (!(await Deno.stat(path)).isFile) return undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
  const bytes = await readRegularFile(path, { maximumBytes: MOST_BYTES.tensors });
  return bytes && await sha256(bytes);
}
