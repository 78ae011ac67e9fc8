import { basename, join } from "node:path";
import { MOST_BYTES, readRegularText, RunError } from "../run/mod.ts";
import { sizesOf } from "../spaces/mod.ts";
import { type Card, withTerms } from "./card.ts";
import { listEntryNames, NETWORK_FILE, openSignatures, openZooEntry, readEntryFile, zooFolder } from "./entry.ts";
import { MODEL_CARD_FILE, modelCard } from "./model_card.ts";
import { decodeModel } from "./model_file.ts";

/** What verifying an entry found. */
export interface EntryCheck {
  /** Name of the entry, or path of its folder. */
  readonly name: string;
  /** Whether all is as it should be. */
  readonly isSound: boolean;
  /** Names of the files verified; none if something is wrong. */
  readonly files: readonly string[];
  /** Their bytes. */
  readonly sizeBytes: number;
  /** What is wrong first: one line that names the file, found and expected. */
  readonly problem?: string;
}

/**
 * Verifies the entries of a zoo: schema of the card, checksums, format of all files, names and shapes of all tensors
 * against the space, finite numbers, and that signature, network and model card are those of the card.
 *
 * @param nameOrPath Name of an entry, or path of its folder; all entries of the zoo if left out.
 * @param folder The zoo; that of the project if left out.
 * @returns One check an entry, in order of their names.
 * @throws {RunError} If there is nothing to verify.
 */
export async function verifyZoo(nameOrPath?: string, folder = zooFolder()): Promise<EntryCheck[]> {
  const names = nameOrPath === undefined ? await listEntryNames(folder) : [nameOrPath];
  if (names.length === 0) throw new RunError(`Cannot verify ${folder}: found no entry, expected at least one`);
  const checks: EntryCheck[] = [];
  for (const name of names) checks.push(await verifyEntry(name, folder));
  return checks;
}

async function verifyEntry(name: string, folder: string): Promise<EntryCheck> {
  try {
    const card = await readSound(name, folder);
    const sizeBytes = Object.values(card.files).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return { name, isSound: true, files: Object.keys(card.files), sizeBytes };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { name, isSound: false, files: [], sizeBytes: 0, problem: error.message.replace(/\s*\n\s*/g, " ") };
  }
}

async function readSound(name: string, folder: string): Promise<Card> {
  const { card } = await openZooEntry(name, folder);
  const { path } = await readEntryFile(name, "card.json", folder);
  const place = join(path, "..");
  if (basename(place) !== card.name) {
    throw fault(path, `name is ${card.name}, expected ${basename(place)} as the folder`);
  }
  for (const file of Object.keys(card.files)) await readEntryFile(name, file, folder);
  await checkSignatures(name, card, folder);
  await checkNetwork(name, card, folder);
  await checkModelCard(place, card);
  for await (const { name: file } of Deno.readDir(place)) {
    if (file !== "card.json" && file !== MODEL_CARD_FILE && !(file in card.files)) {
      throw fault(join(place, file), "the card does not list it");
    }
  }
  return card;
}

/** Whether the terms are what the licences say, and the model card is what the card says. */
async function checkModelCard(place: string, card: Card): Promise<void> {
  const file = join(place, MODEL_CARD_FILE);
  const text = await readRegularText(file, { maximumBytes: MOST_BYTES.json });
  // Cards of before version 0.3.0 say nothing of terms and have no model card.
  if (card.terms === undefined && text === undefined) return;
  if (text === undefined) throw fault(file, "found no such file, expected what the card says");
  const { terms, sources } = withTerms(card);
  const isSame = JSON.stringify({ terms, sources }) === JSON.stringify({ terms: card.terms, sources: card.sources });
  if (!isSame) throw fault(join(place, "card.json"), "terms are not those of the licences");
  if (text !== modelCard(card)) {
    throw fault(file, "it is not what the card says, expected it anew, as zoo sign and zoo derive write it");
  }
}

async function checkSignatures(name: string, card: Card, folder: string): Promise<void> {
  const signatures = await openSignatures(name, folder);
  if (signatures === undefined) return;
  const describe = (sources: readonly { name: string; classes: readonly string[] }[]) =>
    sources.map(({ name, classes }) => `${name} of ${classes.length} classes`).join(", ");
  const isSame = signatures.length === card.sources.length && signatures.every((signature, i) => {
    const source = card.sources[i]!;
    return signature.name === source.name && String(signature.classes) === String(source.classes);
  });
  if (isSame) return;
  const { path } = await readEntryFile(name, "signature.safetensors", folder);
  throw fault(path, `it signs ${describe(signatures)}, expected ${describe(card.sources)} as on the card`);
}

async function checkNetwork(name: string, card: Card, folder: string): Promise<void> {
  const { path, bytes } = await readEntryFile(name, NETWORK_FILE, folder);
  if (bytes === undefined) {
    if (card.network === undefined) return;
    throw fault(join(path, "..", "card.json"), `files lacks ${NETWORK_FILE}, expected it beside network`);
  }
  if (card.network === undefined) {
    throw fault(join(path, "..", "card.json"), `network is missing, expected it beside ${NETWORK_FILE}`);
  }
  const { space, classes } = await decodeModel(bytes, { file: path });
  const { channels } = sizesOf(space);
  if (channels !== card.network.channels) {
    throw fault(path, `it has ${channels} channels, expected ${card.network.channels} as on the card`);
  }
  const known = card.sources.filter(({ name }) => card.network!.sources.includes(name)).flatMap(({ classes }) =>
    classes
  );
  if (String(classes) === String(known)) return;
  throw fault(
    path,
    `it tells ${classes.length} classes apart, expected the ${known.length} of its sources on the card`,
  );
}

function fault(file: string, text: string): RunError {
  return new RunError(`Cannot read ${file}: ${text}`);
}
