import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  costOfSupernet,
  isBatchCounter,
  joinAlpha,
  listAlphaTensors,
  splitAlpha,
  type State,
  type StateTensor,
} from "../network/mod.ts";
import { type Card, checkEntryName, parseCard } from "./card.ts";
import type { Source } from "./graft.ts";

const TENSORS = "supernet.safetensors";
const CARD = "card.json";

/** How named tensors become bytes and back: the reader and writer of safetensors in `src/run`. */
export interface TensorCodec {
  /** Writes tensors. */
  encode(tensors: State): Uint8Array;
  /** Reads tensors; throws if the bytes are anything but a whole file. */
  decode(bytes: Uint8Array): State;
}

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
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isDirectory && !entry.name.startsWith(".")) names.push(entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return await Promise.all(names.sort().map((name) => readCard(join(folder, name))));
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
  { codec, folder = zooFolder() }: { codec: Pick<TensorCodec, "decode">; folder?: string },
): Promise<ZooEntry> {
  const isPath = /[\\/]/.test(nameOrPath) || nameOrPath === "." || nameOrPath === "..";
  const path = isPath ? nameOrPath : join(folder, nameOrPath);
  const card = await readCard(path);
  const file = join(path, TENSORS);
  const bytes = await read(file);
  const expected = card.files[TENSORS];
  if (expected === undefined) {
    throw new TypeError(`Cannot read ${join(path, CARD)}: files lacks ${TENSORS}, expected it`);
  }
  if (bytes.length !== expected.sizeBytes) {
    throw new RangeError(`Cannot read ${file}: found ${bytes.length} bytes, expected ${expected.sizeBytes}`);
  }
  const digest = await sha256(bytes);
  if (digest !== expected.sha256) {
    throw new RangeError(`Cannot read ${file}: checksum is ${digest}, expected ${expected.sha256}`);
  }
  try {
    return { card, space: card.space, ...splitEntry(codec.decode(bytes), card) };
  } catch (error) {
    throw new RangeError(`Cannot read ${file}: ${(error as Error).message}`);
  }
}

/**
 * Writes an entry: the tensors of a supernet and its card. An entry of that name is replaced as a whole.
 *
 * @param entry What the card says, but for the files; weights, running statistics and alpha.
 * @param options Writer of safetensors; the zoo's folder, that of the project if left out.
 * @returns The card.
 * @throws {RangeError} If the name is not allowed or a tensor is missing, of another shape, or not finite.
 */
export async function writeZooEntry(
  entry: { card: Omit<Card, "files" | "format">; state: State; alpha: Float32Array },
  { codec, folder = zooFolder() }: { codec: Pick<TensorCodec, "encode">; folder?: string },
): Promise<Card> {
  const { name, space } = entry.card;
  checkEntryName(name);
  const tensors = new Map([...entry.state, ...splitAlpha(entry.alpha, listAlphaTensors(space))]);
  splitEntry(tensors, entry.card);
  const bytes = codec.encode(tensors);
  const files = { [TENSORS]: { sha256: await sha256(bytes), sizeBytes: bytes.length } };
  const card = parseCard(JSON.stringify({ format: 1, ...entry.card, files }));
  await Deno.mkdir(folder, { recursive: true });
  const staging = await Deno.makeTempDir({ dir: folder, prefix: `.${name}-` });
  const retired = `${staging}-replaced`;
  const path = join(folder, name);
  try {
    await writeSynced(join(staging, TENSORS), bytes);
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

async function readCard(path: string): Promise<Card> {
  const file = join(path, CARD);
  const text = new TextDecoder().decode(await read(file));
  try {
    return parseCard(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    error.message = `Cannot read ${file}: ${error.message.replace("Cannot read card: ", "")}`;
    throw error;
  }
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
function splitEntry(tensors: State, card: Pick<Card, "space">): { state: State; alpha: Float32Array } {
  for (const [name, { data }] of tensors) {
    if (!(data instanceof Float32Array)) continue;
    const broken = data.findIndex((value) => !Number.isFinite(value));
    if (broken >= 0) throw new RangeError(`number ${broken} of ${name} is ${data[broken]}, expected a finite number`);
  }
  const alphaTensors = listAlphaTensors(card.space);
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
