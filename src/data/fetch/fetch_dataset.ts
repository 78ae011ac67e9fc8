import { join } from "node:path";
import { didYouMean } from "../../text/mod.ts";
import { DataError, explainFailure } from "../errors.ts";
import { hasChecksum } from "./checksum.ts";
import { download, type DownloadOptions } from "./download.ts";
import { boundsOf, type KnownDataset, type KnownFile } from "./known_dataset.ts";
import { KNOWN_DATASETS, knownDataset } from "./known_datasets.ts";
import { openPart } from "./part.ts";

/** Folder in which fetched datasets are looked for by name, from where the program runs. */
export const FETCHED_FOLDER = "runs/data";

/** How far fetching has come. */
export interface FetchProgress {
  /** File under way. */
  readonly file: string;
  /** Bytes of the whole dataset that are there. */
  readonly done: number;
  /** Bytes of the whole dataset, as published. */
  readonly bytes: number;
}

/** Where a dataset comes from and goes to. */
export interface FetchOptions extends Pick<DownloadOptions, "patience"> {
  /** Folder in which the dataset gets its own; {@linkcode FETCHED_FOLDER} if left out. */
  readonly out?: string | undefined;
  /** A file of the dataset, or a folder that holds them, fetched in another way: nothing is downloaded then. */
  readonly from?: string | undefined;
  /** Told of the bytes that are there so far. */
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
}

/** A dataset that has been fetched. */
export interface FetchedDataset {
  /** Its name. */
  readonly name: string;
  /** What every command opens. */
  readonly path: string;
  /** Terms under which the images may be used. */
  readonly licence: string;
  /** Bytes of its files. */
  readonly bytes: number;
}

/**
 * Fetches a public dataset, or goes on where that was cut: each file is verified before it gets its name.
 *
 * @param name Its name.
 * @param options Where from, where to.
 * @returns Where it is.
 * @throws {DataError} If there is no dataset of this name, or a file cannot be had or is not the published one; one line.
 */
export async function fetchDataset(name: string, options: FetchOptions = {}): Promise<FetchedDataset> {
  const known = knownDataset(name);
  if (known === undefined) {
    const names = KNOWN_DATASETS.map((dataset) => dataset.name);
    throw new DataError(
      `Cannot fetch ${JSON.stringify(name)}${didYouMean(name, names)}: known are ${names.join(", ")}`,
    );
  }
  return await fetchKnown(known, options);
}

/** As {@linkcode fetchDataset}, of a dataset that need not be in the table. */
export async function fetchKnown(
  known: KnownDataset,
  { out = FETCHED_FOLDER, from, onProgress = () => {}, patience }: FetchOptions = {},
): Promise<FetchedDataset> {
  const folder = join(out, known.name);
  await makeFolder(folder);
  const bytes = known.files.reduce((sum, file) => sum + file.bytes, 0);
  let before = 0;
  for (const file of known.files) {
    const path = join(folder, file.name);
    const tell = (done: number) => onProgress({ file: file.name, done: before + done, bytes });
    if (await isThere(path, file)) tell(file.bytes);
    else if (from !== undefined) await takeFrom(from, file, path, known.files.length);
    else await download(file, path, { onProgress: tell, patience });
    before += file.bytes;
  }
  // The files of a folder do not say what their classes are called; an archive's classes are its folders.
  if (known.files.length > 1) await Deno.writeTextFile(join(folder, "info.json"), describe(known));
  return { name: known.name, path: pathOf(known, folder), licence: known.info.licence, bytes };
}

/**
 * Finds a fetched dataset by its name.
 *
 * @param name The name.
 * @param out Folder that it was fetched into.
 * @returns The dataset and the path that a reader opens; undefined if it is unknown or not there as a whole.
 */
export async function findFetched(
  name: string,
  out: string = FETCHED_FOLDER,
): Promise<{ known: KnownDataset; path: string } | undefined> {
  const known = knownDataset(name);
  if (known === undefined) return undefined;
  const folder = join(out, name);
  for (const file of known.files) if (!await hasSize(join(folder, file.name), file)) return undefined;
  return { known, path: pathOf(known, folder) };
}

/** One line about a dataset that can be fetched. */
export interface KnownSummary {
  /** Its name. */
  readonly name: string;
  /** What its images show. */
  readonly description: string;
  /** Number of classes. */
  readonly classes: number;
  /** Number of images. */
  readonly images: number;
  /** Bytes of its files. */
  readonly bytes: number;
  /** Where it comes from. */
  readonly source: string;
  /** Terms under which the images may be used. */
  readonly licence: string;
  /** Whether it is there, so that commands know its name. */
  readonly isFetched: boolean;
}

/** Lists the public datasets that can be fetched, without the network. */
export function listKnownDatasets(): Promise<KnownSummary[]> {
  return Promise.all(KNOWN_DATASETS.map(async ({ name, images, files, info }) => ({
    name,
    description: info.description,
    classes: info.classes.length,
    images,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    source: info.source,
    licence: info.licence,
    isFetched: await findFetched(name) !== undefined,
  })));
}

function pathOf({ files }: KnownDataset, folder: string): string {
  return files.length === 1 ? join(folder, files[0]!.name) : folder;
}

function describe({ name, info }: KnownDataset): string {
  return JSON.stringify({ name, ...info }, null, 2) + "\n";
}

async function hasSize(path: string, file: KnownFile): Promise<boolean> {
  const found = await Deno.stat(path).catch(() => undefined);
  const { least, most } = boundsOf(file);
  return found !== undefined && found.isFile && found.size >= least && found.size <= most;
}

async function isThere(path: string, file: KnownFile): Promise<boolean> {
  return await hasSize(path, file) && await hasChecksum(path, file.checksum);
}

/** Verifies a file that was fetched in another way and puts a copy in its place. */
async function takeFrom(from: string, file: KnownFile, path: string, count: number): Promise<void> {
  const source = await sourceOf(from, file, count);
  if (!await isThere(source, file)) {
    throw new DataError(
      `Cannot fetch ${file.name} from ${source}: it is not the published file of ${file.bytes} bytes, ` +
        `its size or ${file.checksum.algorithm} differs`,
    );
  }
  using part = await openPart(`${path}.part`);
  await part.empty();
  try {
    using opened = await Deno.open(source);
    for await (const piece of opened.readable) await part.append(piece);
  } catch (error) {
    throw explainFailure("read", source, error);
  }
  await part.moveTo(path);
}

async function sourceOf(from: string, { name }: KnownFile, count: number): Promise<string> {
  const { isDirectory } = await Deno.stat(from).catch((error) => Promise.reject(explainFailure("read", from, error)));
  if (!isDirectory && count === 1) return from;
  if (!isDirectory) throw new DataError(`Cannot fetch from ${from}: expected the folder that holds all ${count} files`);
  const path = join(from, name);
  if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
  throw new DataError(`Cannot fetch from ${from}: it has no file ${name}`);
}

async function makeFolder(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true }).catch((error) =>
    Promise.reject(explainFailure("write", folder, error))
  );
}
