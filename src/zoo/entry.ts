import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeSafetensors, encodeSafetensors } from "../formats/mod.ts";
import { asState, isBatchCounter, type State, type StateTensor } from "../network/mod.ts";
import { costOfSupernet } from "../spaces/mod.ts";
import { createMethod, joinAlpha, splitAlpha } from "../search/mod.ts";
import { type Card, type CardFile, type CardNetwork, checkEntryName, parseCard } from "./card.ts";
import { didYouMean } from "../text/mod.ts";
import type { Source } from "../transfer/mod.ts";
import { type DatasetSignature, decodeSignatures, encodeSignatures, SIGNATURE_FILE } from "./signature.ts";

const CARD = "card.json";

/** Name of the file that holds a supernet, its weights, running statistics and alpha: of an entry and of a run. */
export const SUPERNET_FILE = "supernet.safetensors";

/** Name of the file of an entry that holds its derived, trained network, if it has one. */
export const NETWORK_FILE = "network.safetensors";

/** An entry as far as the sizes of its supernet go. */
export type EntryBody = Pick<Card, "name" | "space">;

/** A pretrained supernet with its card. */
export interface ZooEntry extends Source {
  /** What is known of it. */
  readonly card: Card;
}

/** Folder of the supernets that come with the project. */
export function zooFolder(): string {
  return fileURLToPath(new URL("../../data/zoo", import.meta.url));
}

/**
 * Lists the entries of a zoo by their cards.
 *
 * @param folder The zoo; that of the project if left out. A folder that does not exist is an empty zoo.
 * @returns Cards in order of their names.
 * @throws {SyntaxError | TypeError | RangeError} If a card cannot be read; names the file.
 */
export async function listZoo(folder = zooFolder()): Promise<Card[]> {
  return await Promise.all((await listEntryNames(folder)).map((name) => readCard(join(folder, name))));
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
    if (!(error instanceof Deno.errors.NotFound)) throw error;
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
  await readSignatures(path, card);
  const file = join(path, SUPERNET_FILE);
  try {
    return {
      card,
      space: card.space,
      ...splitEntry(asState(decodeSafetensors(bytes, { file: SUPERNET_FILE }).tensors), card),
    };
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
 * @param name Name of an entry of the zoo.
 * @param signatures One a source, in the order of the card.
 * @param folder The zoo; that of the project if left out.
 * @returns The card.
 * @throws {Error} If there is no such entry, or it is damaged; one line.
 */
export async function writeSignatures(
  name: string,
  signatures: readonly DatasetSignature[],
  folder = zooFolder(),
): Promise<Card> {
  return await addFile(name, { file: SIGNATURE_FILE, bytes: encodeSignatures(signatures) }, folder);
}

/**
 * Gives an entry a derived, trained network, in place of one that it may have.
 *
 * @param name Name of an entry of the zoo.
 * @param network The file's bytes, and what the card is to say of it.
 * @param folder The zoo; that of the project if left out.
 * @returns The card.
 * @throws {Error} If there is no such entry, or it is damaged; one line.
 */
export async function writeEntryNetwork(
  name: string,
  { bytes, description }: { bytes: Uint8Array; description: CardNetwork },
  folder = zooFolder(),
): Promise<Card> {
  return await addFile(name, { file: NETWORK_FILE, bytes, properties: { network: description } }, folder);
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
  name: string,
  added: { file: string; bytes: Uint8Array; properties?: Partial<Card> },
  folder: string,
): Promise<Card> {
  checkEntryName(name);
  const path = join(folder, name);
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
  return await writeFiles(folder, { ...card, ...added.properties }, contents);
}

/**
 * Writes an entry: the tensors of a supernet, signatures of its datasets if given, and its card. An entry of that name is replaced as a whole.
 *
 * @param entry What the card says, but for the files; weights, running statistics and alpha.
 * @param options Writer of safetensors; the zoo's folder, that of the project if left out.
 * @returns The card.
 * @throws {RangeError} If the name is not allowed or a tensor is missing, of another shape, or not finite.
 */
export async function writeZooEntry(
  entry: {
    card: Omit<Card, "files" | "format">;
    state: State;
    alpha: Float32Array;
    signatures?: readonly DatasetSignature[];
  },
  folder = zooFolder(),
): Promise<Card> {
  const { name, space, method } = entry.card;
  checkEntryName(name);
  const tensors = new Map([...entry.state, ...splitAlpha(entry.alpha, createMethod(method, space).parameters)]);
  splitEntry(tensors, entry.card);
  const contents = new Map<string, Uint8Array>([[SUPERNET_FILE, encodeSafetensors(tensors)]]);
  if (entry.signatures) contents.set(SIGNATURE_FILE, encodeSignatures(entry.signatures));
  return await writeFiles(folder, entry.card, contents);
}

/** Replaces an entry as a whole. */
async function writeFiles(
  folder: string,
  described: Omit<Card, "files" | "format">,
  contents: ReadonlyMap<string, Uint8Array>,
): Promise<Card> {
  const { name } = described;
  const files: Record<string, CardFile> = {};
  for (const [file, bytes] of contents) files[file] = { sha256: await sha256(bytes), sizeBytes: bytes.length };
  const card = parseCard(JSON.stringify({ format: 1, ...described, files }));
  await Deno.mkdir(folder, { recursive: true });
  const staging = await Deno.makeTempDir({ dir: folder, prefix: `.${name}-` });
  const retired = `${staging}-replaced`;
  const path = join(folder, name);
  try {
    for (const [file, bytes] of contents) await writeSynced(join(staging, file), bytes);
    await writeSynced(join(staging, CARD), new TextEncoder().encode(`${JSON.stringify(card, null, 2)}\n`));
    await Deno.chmod(staging, 0o755);
    await Deno.rename(path, retired).catch(ignoreMissing);
    await Deno.rename(staging, path);
    await Deno.remove(retired, { recursive: true }).catch(ignoreMissing);
  } catch (error) {
    await Deno.remove(staging, { recursive: true }).catch(ignoreMissing);
    throw error;
  }
  return card;
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
  const bytes = await read(file);
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
  const text = new TextDecoder().decode(await read(file).catch((error) => suggest(error, path)));
  try {
    return parseCard(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    error.message = `Cannot read ${file}: ${error.message.replace("Cannot read card: ", "")}`;
    throw error;
  }
}

/** Names the entry beside it that a missing one was probably meant to be. */
async function suggest(error: Error, path: string): Promise<never> {
  if (error instanceof Deno.errors.NotFound) error.message += didYouMean(basename(path), await siblings(path));
  throw error;
}

async function siblings(path: string): Promise<string[]> {
  return (await listEntryNames(dirname(path))).filter((name) => name !== basename(path));
}

async function read(file: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
    throw new Deno.errors.NotFound(`Cannot read ${file}: found no such file, expected that of a zoo entry`);
  }
}

/** Tells weights and alpha of an entry apart, after checking that it holds all of them and nothing that is not finite. */
function splitEntry(tensors: State, card: Pick<Card, "space" | "method">): { state: State; alpha: Float32Array } {
  for (const [name, { data }] of tensors) {
    if (!(data instanceof Float32Array)) continue;
    const broken = data.findIndex((value) => !Number.isFinite(value));
    if (broken >= 0) throw new RangeError(`number ${broken} of ${name} is ${data[broken]}, expected a finite number`);
  }
  const alphaTensors = createMethod(card.method, card.space).parameters;
  const alpha = joinAlpha(tensors, alphaTensors);
  const isAlpha = new Set(alphaTensors.map(({ name }) => name));
  const state = new Map<string, StateTensor>([...tensors].filter(([name]) => !isAlpha.has(name)));
  const known = new Set<string>();
  for (const { name, shape } of costOfSupernet(card.space).tensors) {
    known.add(name);
    const found = state.get(name);
    if (found === undefined) throw new RangeError(`${name} is missing`);
    if (String(found.shape) !== String(shape)) {
      throw new RangeError(`${name} has shape [${found.shape.join(", ")}], expected [${shape.join(", ")}]`);
    }
  }
  const stranger = [...state.keys()].find((name) => !known.has(name) && !isBatchCounter(name) && !isStatistics(name));
  if (stranger !== undefined) throw new RangeError(`${stranger} is unknown to the space of the card`);
  return { state, alpha };
}

function isStatistics(name: string): boolean {
  return name.endsWith(".running_mean") || name.endsWith(".running_var");
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return new Uint8Array(digest).toHex();
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  using handle = await Deno.open(file, { write: true, createNew: true });
  for (let start = 0; start < bytes.length;) start += await handle.write(bytes.subarray(start));
  await handle.sync();
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
