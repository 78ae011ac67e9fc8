import { checkSpace, type Space } from "../spaces/mod.ts";
import { type EntryTerms, entryTerms, type SourceTerms, termsOf, USES } from "./terms.ts";

/** A dataset from which a supernet was pretrained. */
export interface CardSource {
  /** Registered name of the dataset. */
  readonly name: string;
  /** Names of its classes, in the order of the classifier. */
  readonly classes: readonly string[];
  /** Where it comes from. */
  readonly origin: string;
  /** Licence of the images. */
  readonly licence: string;
  /** What the licence allows, as programs read it; absent on cards of before version 0.3.0. */
  readonly terms?: SourceTerms;
  /** Identifies its content, see docs/formats.md; 64 hex digits. */
  readonly fingerprint: string;
  /** Mean of each channel over the images trained on, in units of pixel / 255. */
  readonly mean: readonly number[];
  /** Standard deviation of each channel over them, in the same unit. */
  readonly std: readonly number[];
}

/** Size and checksum of a file of an entry. */
export interface CardFile {
  /** SHA-256 of its bytes, hexadecimal. */
  readonly sha256: string;
  /** Length in bytes. */
  readonly sizeBytes: number;
}

/** What the card says of an entry's derived, trained network. */
export interface CardNetwork {
  /** Datasets that it was trained on, by the names of the card's sources. */
  readonly sources: readonly string[];
  /** Accuracy on their test images, 0 to 1. */
  readonly testAccuracy: number;
  /** Epochs of its training. */
  readonly epochs: number;
  /** Channels of a node in the first cell. */
  readonly channels: number;
  /** Trainable numbers. */
  readonly parameters: number;
  /** Multiply-adds for one image. */
  readonly macs: number;
  /** Settings of the training. */
  readonly recipe: Readonly<Record<string, unknown>>;
}

/** What `card.json` of a zoo entry says. Plain data; docs/formats.md describes it. */
export interface Card {
  /** Version of the card's format. */
  readonly format: 1;
  /** Name of the entry, that of its folder. */
  readonly name: string;
  /** Search space with its sizes. */
  readonly space: Space;
  /** Search method whose alpha this is. */
  readonly method: string;
  /** Datasets that it was pretrained on. */
  readonly sources: readonly CardSource[];
  /** Settings of the pretraining; whatever is needed to do it again. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** What the pretraining reached. */
  readonly metrics: Readonly<Record<string, unknown>>;
  /** Its derived, trained network, if it has one. */
  readonly network?: CardNetwork;
  /** What may be done with it; absent on cards of before version 0.3.0. */
  readonly terms?: EntryTerms;
  /** The files beside the card, but for its model card. */
  readonly files: Readonly<Record<string, CardFile>>;
}

/** What `--source` means something else by. */
const RESERVED = ["auto", "single", "multi", "random"];

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const FILE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^[0-9a-f]{64}$/;

/**
 * Checks a name for an entry: lower-case letters, digits, dots, underscores and dashes, as it names a folder, and none of
 * the words by which `--source` and `--sources` choose one.
 *
 * @param name The name.
 * @throws {RangeError} If it is anything else.
 */
export function checkEntryName(name: string): void {
  if (RESERVED.includes(name)) {
    throw new RangeError(
      `Cannot use entry name ${JSON.stringify(name)}: it is a reserved word of --source, expected another one`,
    );
  }
  if (NAME.test(name)) return;
  throw new RangeError(
    `Cannot use entry name ${JSON.stringify(name)}: expected up to 64 lower-case letters, digits, ".", "_" or "-"`,
  );
}

/**
 * Reads a card from its text.
 *
 * @param text Content of `card.json`.
 * @returns The card; properties that later versions add are kept.
 * @throws {SyntaxError} If it is not JSON.
 * @throws {TypeError} If a property is missing or of the wrong form; names it, found and expected.
 * @throws {RangeError} If name or sizes of the space are out of bounds.
 */
export function parseCard(text: string): Card {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`Cannot read card: it is not JSON: the file is damaged or cut off`, { cause: error });
  }
  const card = asRecord(value, "card");
  if (card.format !== 1) throw fault("format", card.format, "1");
  checkEntryName(asString(card.name, "name"));
  asString(card.method, "method");
  const sources = asArray(card.sources, "sources");
  if (sources.length === 0) throw fault("sources", card.sources, "at least one");
  sources.forEach((source, i) => checkSource(asRecord(source, `sources[${i}]`), `sources[${i}]`));
  asRecord(card.recipe, "recipe");
  asRecord(card.metrics, "metrics");
  if (card.terms !== undefined) checkTerms(asRecord(card.terms, "terms"));
  if (card.network !== undefined) checkNetwork(asRecord(card.network, "network"));
  for (const [name, file] of Object.entries(asRecord(card.files, "files"))) {
    // Joined to a folder, any other name could lead out of it.
    if (!FILE.test(name)) throw fault("a name of files", name, 'letters, digits, ".", "_" or "-"');
    const { sha256, sizeBytes } = asRecord(file, `files.${name}`);
    if (typeof sha256 !== "string" || !DIGEST.test(sha256)) {
      throw fault(`files.${name}.sha256`, sha256, "64 hex digits");
    }
    if (!Number.isSafeInteger(sizeBytes) || (sizeBytes as number) < 0) {
      throw fault(`files.${name}.sizeBytes`, sizeBytes, "a length in bytes");
    }
  }
  return { ...card, space: checkSpace(card.space) } as unknown as Card;
}

/**
 * Says on a card what its licences allow.
 *
 * @param card The card.
 * @returns It with the terms of each source and of the entry.
 */
export function withTerms<Described extends Pick<Card, "sources">>(card: Described): Described & Pick<Card, "terms"> {
  const sources = card.sources.map((source) => ({ ...source, terms: termsOf(source.licence) }));
  return { ...card, sources, terms: entryTerms(sources) };
}

function checkTerms({ use, because }: Record<string, unknown>): void {
  checkUse(use, "terms.use");
  asArray(because, "terms.because").forEach((name, i) => asString(name, `terms.because[${i}]`));
}

function checkUse(use: unknown, place: string): void {
  if (!USES.some((known) => known === use)) throw fault(place, use, `one of ${USES.join(", ")}`);
}

function checkSource(source: Record<string, unknown>, place: string): void {
  for (const property of ["name", "origin", "licence", "fingerprint"]) {
    asString(source[property], `${place}.${property}`);
  }
  if (source.terms !== undefined) {
    const { licence, use } = asRecord(source.terms, `${place}.terms`);
    asString(licence, `${place}.terms.licence`);
    checkUse(use, `${place}.terms.use`);
  }
  asArray(source.classes, `${place}.classes`).forEach((name, i) => asString(name, `${place}.classes[${i}]`));
  for (const property of ["mean", "std"]) {
    const numbers = asArray(source[property], `${place}.${property}`);
    if (![1, 3].includes(numbers.length) || !numbers.every(Number.isFinite)) {
      throw fault(`${place}.${property}`, numbers, "1 or 3 numbers");
    }
  }
}

function checkNetwork(network: Record<string, unknown>): void {
  asArray(network.sources, "network.sources").forEach((name, i) => asString(name, `network.sources[${i}]`));
  asRecord(network.recipe, "network.recipe");
  for (const property of ["testAccuracy", "epochs", "channels", "parameters", "macs"]) {
    const value = network[property];
    if (!(typeof value === "number" && Number.isFinite(value) && value >= 0)) {
      throw fault(`network.${property}`, value, "a number from 0");
    }
  }
}

function asRecord(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fault(place, value, "an object");
  return value as Record<string, unknown>;
}

function asArray(value: unknown, place: string): unknown[] {
  if (!Array.isArray(value)) throw fault(place, value, "a list");
  return value;
}

function asString(value: unknown, place: string): string {
  if (typeof value !== "string") throw fault(place, value, "a text");
  return value;
}

function fault(place: string, found: unknown, wanted: string): TypeError {
  const text = JSON.stringify(found) ?? "nothing";
  return new TypeError(`Cannot read card: ${place} is ${text.slice(0, 80)}, expected ${wanted}`);
}
