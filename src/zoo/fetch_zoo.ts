import { join } from "node:path";
import { DataError, download, FETCHED_FOLDER, hasChecksum } from "../data/mod.ts";
import { didYouMean } from "../text/mod.ts";
import { type CardFile, parseCard } from "./card.ts";
import { EMBEDDING_BYTES, EMBEDDING_DIGEST, EMBEDDING_FILE } from "./embedding.ts";
import { MODEL_CARD_FILE, modelCard } from "./model_card.ts";
import { PUBLISHED_CARDS } from "./published.ts";

/** What {@linkcode fetchZoo} takes. */
export interface FetchZooOptions {
  /** Address of a folder laid out as `data/` of the project: `zoo/NAME/card.json` …, `embedding.safetensors`. */
  readonly from: string;
  /** Names of entries; all that are published if left out. */
  readonly names?: readonly string[] | undefined;
  /** Folder to write to, laid out in the same way; that in which an installed package looks if left out. */
  readonly out?: string | undefined;
  /** Cards by the names of their entries; those that are published if left out. */
  readonly published?: Readonly<Record<string, CardFile>> | undefined;
  /** Told of each file and its bytes that are there. */
  readonly onProgress?: ((file: string, done: number, bytes: number) => void) | undefined;
}

/** What has been fetched. */
export interface FetchedZoo {
  /** The folder of the zoo. */
  readonly zoo: string;
  /** Names of the entries that were asked for. */
  readonly entries: readonly string[];
  /** Bytes of all their files, whether they were there before or not. */
  readonly bytes: number;
}

/**
 * Fetches the project's supernets, and what compares them, for an installed package. A file counts only if its length and checksum are
 * the published ones; what is there already is not fetched again.
 *
 * @param options Where from, where to, which entries.
 * @returns Where they are.
 * @throws {DataError} If an entry is unknown, or a file cannot be had or is not the published one; one line.
 */
export async function fetchZoo(options: FetchZooOptions): Promise<FetchedZoo> {
  const { published = PUBLISHED_CARDS, names = Object.keys(published), out = FETCHED_FOLDER } = options;
  for (const name of names) {
    if (Object.hasOwn(published, name)) continue;
    const known = Object.keys(published);
    throw new DataError(
      `Cannot fetch zoo entry ${JSON.stringify(name)}${didYouMean(name, known)}: known are ${known.join(", ")}`,
    );
  }
  let bytes = await take(EMBEDDING_FILE, { sha256: EMBEDDING_DIGEST, sizeBytes: EMBEDDING_BYTES }, { ...options, out });
  for (const name of names) bytes += await takeEntry(name, published[name]!, { ...options, out });
  return { zoo: join(out, "zoo"), entries: names, bytes };
}

/** Fetches the files of an entry by its card, which comes last: without it a folder is no entry. */
async function takeEntry(
  name: string,
  described: CardFile,
  options: FetchZooOptions & { out: string },
): Promise<number> {
  const folder = `zoo/${name}`;
  // The card's name while files are missing.
  const staged = `${folder}/card.json.new`;
  let bytes = await take(`${folder}/card.json`, described, options, staged);
  const card = parseCard(await Deno.readTextFile(join(options.out, staged)));
  for (const [file, row] of Object.entries(card.files)) bytes += await take(`${folder}/${file}`, row, options);
  await Deno.writeTextFile(join(options.out, folder, MODEL_CARD_FILE), modelCard(card));
  await Deno.rename(join(options.out, staged), join(options.out, folder, "card.json"));
  return bytes;
}

/** Fetches a file unless it is there; returns its length. */
async function take(
  name: string,
  { sha256: hex, sizeBytes: bytes }: CardFile,
  { from, out, onProgress = () => {} }: FetchZooOptions & { out: string },
  as: string = name,
): Promise<number> {
  const path = join(out, as);
  const checksum = { algorithm: "sha256", hex } as const;
  await Deno.mkdir(join(path, ".."), { recursive: true });
  const isThere = await hasChecksum(path, checksum).catch(() => false);
  if (!isThere) {
    const addresses = [addressOf(from, name)];
    const otherwise = "allow it with --allow-net=HOST";
    await download({ name, addresses, bytes, checksum }, path, {
      otherwise,
      onProgress: (done) => onProgress(name, done, bytes),
    });
  }
  return bytes;
}

function addressOf(from: string, name: string): string {
  try {
    const address = new URL(name, from.endsWith("/") ? from : `${from}/`);
    if (/^https?:$/.test(address.protocol)) return address.href;
  } catch {
    // Said below.
  }
  throw new DataError(`Cannot fetch from ${JSON.stringify(from)}: expected an address such as https://HOST/data/`);
}
