import { shippedPath } from "../data/mod.ts";
import type { Supernet } from "../search/mod.ts";
import { didYouMean } from "../text/mod.ts";
import { type Card, type CardFile, type CardNetwork, checkEntryName, parseCard, withTerms } from "./card.ts";
import { sha256 } from "../formats/mod.ts";
import { type DatasetSignature, decodeSignatures, encodeSignatures, SIGNATURE_FILE } from "./signature.ts";
import { MODEL_CARD_FILE, modelCard } from "./model_card.ts";
import { HOW_TO_FETCH } from "./published.ts";
import { decodeSupernet, encodeSupernet, SUPERNET_FILE } from "./supernet_file.ts";
import { asRunError, MOST_BYTES, readRegularFile } from "../run/mod.ts";
import { basename, dirname, join, resolve } from "node:path";

const CARD = "card.json";

/** Ending of the name of a folder that is being replaced. */
const RETIRED = "-replaced";

/** Name of the file of an entry that holds its derived, trained network, if it has one. */
export const NETWORK_FILE = "network.safetensors";

/** An entry as far as the sizes of its supernet go. */
export type EntryBody = Pick<Card, "name" | "space">;

/** A pretrained supernet with its card. */
export interface ZooEntry {
  /** What is known of it. */
  readonly card: Card;
  /** The supernet. */
  readonly supernet: Supernet;
}

/** Folder of the supernets that come with the project; see {@linkcode shippedPath}. */
export function zooFolder(): string {
  return shippedPath("zoo");
}

/** The entries of a zoo. */
export interface ZooListing {
  /** Cards in order of their names. */
  readonly cards: readonly Card[];
  /** What is wrong with each folder that is no entry: a line that names the file, to be shown as it is. */
  readonly problems: readonly string[];
}

/**
 * Lists the entries of a zoo by their cards. A folder that is none, or whose card is broken, keeps nobody from the others.
 *
 * @param folder The zoo; that of the project if left out. A folder that does not exist is an empty zoo.
 * @returns Cards, and what is wrong with the other folders.
 */
export async function listZoo(folder = zooFolder()): Promise<ZooListing> {
  const names = await listEntryNames(folder);
  const found = await Promise.all(names.map((name) => orProblem(() => readOwnCard(join(folder, name)))));
  return {
    cards: found.filter((item) => typeof item !== "string"),
    problems: found.filter((item) => typeof item === "string"),
  };
}

/**
 * Does something with an entry of a zoo that may be broken.
 *
 * @param work What to do.
 * @returns What it gave, or what is wrong with the entry.
 */
export async function orProblem<Result extends object | undefined>(
  work: () => Promise<Result>,
): Promise<Result | string> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `Left out: ${error.message}`;
  }
}

/** The card of an entry that is to be found by its name, which must be that of its folder. */
async function readOwnCard(path: string): Promise<Card> {
  const card = await readCard(path);
  if (card.name === basename(path)) return card;
  throw new RangeError(
    `Cannot read ${join(path, CARD)}: name is ${card.name}, expected ${basename(path)} as the folder`,
  );
}

/**
 * Lists the folders of a zoo, whatever is in them.
 *
 * @param folder The zoo; that of the project if left out. A folder that does not exist is an empty zoo.
 * @returns Their names in order.
 */
export async function listEntryNames(folder = zooFolder()): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isDirectory && !entry.name.startsWith(".")) names.push(entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw asRunError(`Cannot list the zoo ${folder}`, error);
  }
  return names.sort();
}

/**
 * Opens an entry and verifies it: checksums, names and shapes of all tensors, finite numbers.
 *
 * @param nameOrPath Name of an entry of the zoo, or path of a folder that holds one.
 * @param options Reader of safetensors; the zoo's folder, that of the project if left out.
 * @returns The entry.
 * @throws {Error} If there is no such entry, or it is damaged; one line that names file, found and expected.
 */
export async function openZooEntry(
  nameOrPath: string,
  folder = zooFolder(),
): Promise<ZooEntry> {
  const path = pathOf(nameOrPath, folder);
  const card = await readCard(path);
  const bytes = await readListed(path, card, SUPERNET_FILE);
  if (bytes === undefined) {
    throw new TypeError(`Cannot read ${join(path, CARD)}: files lacks ${SUPERNET_FILE}, expected it`);
  }
  await readListed(path, card, SIGNATURE_FILE);
  const file = join(path, SUPERNET_FILE);
  try {
    return { card, supernet: decodeSupernet(bytes, { file: SUPERNET_FILE, card }) };
  } catch (error) {
    throw new RangeError(`Cannot read ${file}: ${(error as Error).message}`);
  }
}

/**
 * Opens the signatures of an entry's datasets and verifies their file; the supernet is not read.
 *
 * @param nameOrPath Name of an entry of the zoo, or path of a folder that holds one.
 * @param folder The zoo; that of the project if left out.
 * @returns One a source; undefined if the entry has none.
 * @throws {Error} If there is no such entry, or the file is damaged; one line that names file, found and expected.
 */
export async function openSignatures(
  nameOrPath: string,
  folder = zooFolder(),
): Promise<DatasetSignature[] | undefined> {
  const path = pathOf(nameOrPath, folder);
  return await readSignatures(path, await readCard(path));
}

/**
 * Gives an entry signatures of its datasets, in place of those that it may have.
 *
 * @param nameOrPath Name of an entry of the zoo, or path of a folder that holds one: that is where it is written to.
 * @param signatures One a source, in the order of the card.
 * @param folder The zoo; that of the project if left out.
 * @returns The card.
 * @throws {Error} If there is no such entry, or it is damaged; one line.
 */
export async function writeSignatures(
  nameOrPath: string,
  signatures: readonly DatasetSignature[],
  folder = zooFolder(),
): Promise<Card> {
  return await addFile(nameOrPath, { file: SIGNATURE_FILE, bytes: encodeSignatures(signatures) }, folder);
}

/**
 * Gives an entry a derived, trained network, in place of one that it may have.
 *
 * @param nameOrPath Name of an entry of the zoo, or path of a folder that holds one: that is where it is written to.
 * @param network The file's bytes, and what the card is to say of it.
 * @param folder The zoo; that of the project if left out.
 * @returns The card.
 * @throws {Error} If there is no such entry, or it is damaged; one line.
 */
export async function writeEntryNetwork(
  nameOrPath: string,
  { bytes, description }: { bytes: Uint8Array; description: CardNetwork },
  folder = zooFolder(),
): Promise<Card> {
  return await addFile(nameOrPath, { file: NETWORK_FILE, bytes, properties: { network: description } }, folder);
}

/**
 * Opens the card of an entry and a file of it, and verifies that the one has the size and the checksum of the other.
 *
 * @param nameOrPath Name of an entry of the zoo, or path of a folder that holds one.
 * @param file Name of the file.
 * @param folder The zoo; that of the project if left out.
 * @returns The card, the path of the file, and its bytes: undefined if the entry has no such file.
 * @throws {Error} If there is no such entry, or the file is damaged; one line that names file, found and expected.
 */
export async function readEntryFile(
  nameOrPath: string,
  file: string,
  folder = zooFolder(),
): Promise<{ card: Card; path: string; bytes: Uint8Array | undefined }> {
  const path = pathOf(nameOrPath, folder);
  const card = await readCard(path);
  return { card, path: join(path, file), bytes: await readListed(path, card, file) };
}

/** Adds a file to an entry or replaces it, with properties of the card that belong to it; all else stays as it is. */
async function addFile(
  nameOrPath: string,
  added: { file: string; bytes: Uint8Array; properties?: Partial<Card> },
  folder: string,
): Promise<Card> {
  const path = resolve(pathOf(nameOrPath, folder));
  const card = await readCard(path);
  const contents = new Map<string, Uint8Array>();
  for (const file of new Set([SUPERNET_FILE, ...Object.keys(card.files)])) {
    const bytes = file === added.file ? added.bytes : await readListed(path, card, file);
    if (bytes === undefined) {
      throw new TypeError(`Cannot read ${join(path, CARD)}: files lacks ${file}, expected it`);
    }
    contents.set(file, bytes);
  }
  contents.set(added.file, added.bytes);
  return await writeFiles(path, { ...card, ...added.properties }, contents);
}

/**
 * Writes an entry: the tensors of a supernet, signatures of its datasets if given, and its card. An entry of that name is replaced as a whole.
 *
 * @param entry What the card says, but for the files and what the supernet says itself; the supernet.
 * @param options Writer of safetensors; the zoo's folder, that of the project if left out.
 * @returns The card.
 * @throws {RangeError} If the name is not allowed or a tensor is missing, of another shape, or not finite.
 */
export async function writeZooEntry(
  entry: {
    card: Omit<Card, "files" | "format" | "space" | "method">;
    supernet: Supernet;
    signatures?: readonly DatasetSignature[];
  },
  folder = zooFolder(),
): Promise<Card> {
  const { card: { name, ...described }, supernet } = entry;
  checkEntryName(name);
  const contents = new Map<string, Uint8Array>([[SUPERNET_FILE, encodeSupernet(supernet)]]);
  if (entry.signatures) contents.set(SIGNATURE_FILE, encodeSignatures(entry.signatures));
  const { space, method } = supernet;
  return await writeFiles(join(folder, name), { name, space, method: method.name, ...described }, contents);
}

/** Writes an entry into a folder, in place of what is there, with what its card says to people. */
async function writeFiles(
  path: string,
  described: Omit<Card, "files" | "format">,
  contents: ReadonlyMap<string, Uint8Array>,
): Promise<Card> {
  const files: Record<string, CardFile> = {};
  for (const [file, bytes] of contents) files[file] = { sha256: await sha256(bytes), sizeBytes: bytes.length };
  const card = parseCard(JSON.stringify({ format: 1, ...withTerms(described), files }));
  const staging = await makeStaging(path);
  const retired = `${staging}${RETIRED}`;
  try {
    for (const [file, bytes] of contents) await writeSynced(join(staging, file), bytes);
    await writeSynced(join(staging, CARD), new TextEncoder().encode(`${JSON.stringify(card, null, 2)}\n`));
    await writeSynced(join(staging, MODEL_CARD_FILE), new TextEncoder().encode(modelCard(card)));
    await Deno.chmod(staging, 0o755);
    await Deno.rename(path, retired).catch(ignoreMissing);
    await Deno.rename(staging, path).catch(async (error) => {
      await Deno.rename(retired, path).catch(ignoreMissing);
      throw error;
    });
    await Deno.remove(retired, { recursive: true }).catch(ignoreMissing);
  } catch (error) {
    await Deno.remove(staging, { recursive: true }).catch(() => {});
    throw asRunError(`Cannot write ${path}`, error);
  }
  return card;
}

/** Makes the folder in which an entry is put together, beside its place. */
async function makeStaging(path: string): Promise<string> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    return await Deno.makeTempDir({ dir: dirname(path), prefix: `.${basename(path)}-` });
  } catch (error) {
    throw asRunError(`Cannot write ${path}`, error);
  }
}

function pathOf(nameOrPath: string, folder: string): string {
  const isPath = /[\\/]/.test(nameOrPath) || nameOrPath === "." || nameOrPath === "..";
  return isPath ? nameOrPath : join(folder, nameOrPath);
}

/** Reads a file of an entry and compares it with the card; undefined if the card does not list it. */
async function readListed(path: string, card: Card, name: string): Promise<Uint8Array | undefined> {
  const expected = card.files[name];
  if (expected === undefined) return undefined;
  const file = join(path, name);
  const bytes = await readRegularFile(file, { maximumBytes: MOST_BYTES.tensors });
  if (bytes === undefined) {
    throw new Deno.errors.NotFound(`Cannot read ${file}: found no such file, expected that of a zoo entry`);
  }
  if (bytes.length !== expected.sizeBytes) {
    throw new RangeError(`Cannot read ${file}: found ${bytes.length} bytes, expected ${expected.sizeBytes}`);
  }
  const digest = await sha256(bytes);
  if (digest !== expected.sha256) {
    throw new RangeError(`Cannot read ${file}: checksum is ${digest}, expected ${expected.sha256}`);
  }
  return bytes;
}

async function readSignatures(path: string, card: Card): Promise<DatasetSignature[] | undefined> {
  const bytes = await readListed(path, card, SIGNATURE_FILE);
  return bytes && decodeSignatures(bytes, { file: join(path, SIGNATURE_FILE) });
}

async function readCard(path: string): Promise<Card> {
  const file = join(path, CARD);
  const bytes = await readRegularFile(file, { maximumBytes: MOST_BYTES.json });
  if (bytes === undefined) throw new Deno.errors.NotFound(await explainAbsence(path));
  try {
    return parseCard(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    error.message = `Cannot read ${file}: ${error.message.replace("Cannot read card: ", "")}`;
    throw error;
  }
}

/** Words that there is no entry: names those that there are, and where an interrupted write has left the one that was. */
async function explainAbsence(path: string): Promise<string> {
  const [name, zoo] = [basename(path), dirname(path)];
  const siblings: readonly string[] = await listEntryNames(zoo).catch(() => []);
  if (siblings.includes(name)) {
    return `Cannot read ${join(path, CARD)}: found no such file, expected that of a zoo entry`;
  }
  const absent = `Cannot open zoo entry ${name}: there is no folder ${path}`;
  const retired = await findRetired(zoo, name);
  if (retired !== undefined) {
    return `${absent}, but an interrupted write has left it as ${retired}: rename that to ${name}`;
  }
  const { cards } = await listZoo(zoo).catch(() => ({ cards: [] }));
  const known = cards.map(({ name }) => name);
  return known.length === 0
    ? `${absent}, expected that of an entry or of a run: ${HOW_TO_FETCH}`
    : `${absent}, expected ${known.join(", ")}${didYouMean(name, known)}`;
}

/** Folder to which {@linkcode writeFiles} had moved an entry when it was killed. */
async function findRetired(zoo: string, name: string): Promise<string | undefined> {
  try {
    const names = await Array.fromAsync(Deno.readDir(zoo), (entry) => entry.name);
    return names.find((found) => found.startsWith(`.${name}-`) && found.endsWith(RETIRED));
  } catch {
    return undefined;
  }
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  using handle = await Deno.open(file, { write: true, createNew: true });
  for (let start = 0; start < bytes.length;) start += await handle.write(bytes.subarray(start));
  await handle.sync();
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
