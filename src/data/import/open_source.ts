import { join } from "node:path";
import type { PictureShape } from "../../engine/mod.ts";
import { DataError, printable } from "../errors.ts";
import type { GatheredDataset, GatheredPart } from "../assemble.ts";
import type { UnreadablePicture } from "../dataset.ts";
import type { PathContent } from "../files.ts";
import { fingerprint } from "../fingerprint.ts";
import type { DatasetInfo } from "../info.ts";
import { isListing, type PictureListing, type RawDataset, type Reader } from "../readers/reader.ts";
import { type CachedSource, type CacheOptions, ImportCache } from "./cache/cache.ts";
import { CacheError, inCache } from "./cache/cache_error.ts";
import { defaultCacheFolder } from "./cache/cache_folder.ts";
import { CONTENT_FILES, type StoredImages, type StoredPart, writeContent } from "./cache/content.ts";
import type { Draft } from "./cache/draft.ts";
import type { SourceRecord } from "./cache/source_record.ts";
import { stampSource } from "./cache/stamp.ts";
import { type ImportedPictures, importPictures } from "./import_pictures.ts";
import type { ImportListener } from "./listener.ts";
import type { CompleteImport } from "./settings.ts";
import { slotsInFile, slotsInMemory } from "./slots.ts";
import { nodeCrypto } from "../node_library.ts";

/** How a dataset is opened. */
export interface SourceOptions extends ImportListener {
  /** How pictures become images. */
  readonly settings: CompleteImport;
  /** Size of a network that is to see the pictures: side and channels follow it where they are not set. */
  readonly like?: Omit<PictureShape, "fit"> | undefined;
  /** Folder of the cache; that of the environment variable ROOTSTOCK_CACHE if left out, or else `runs/cache`. */
  readonly cache?: string | undefined;
  /** How it is used. */
  readonly cacheOptions?: CacheOptions | undefined;
}

/** A dataset whose pictures are decoded, or that never had any. */
export interface OpenedSource {
  /** What it holds: to be checked, and divided. */
  readonly gathered: GatheredDataset | RawDataset;
  /** Pictures that are left out. */
  readonly unreadable: readonly UnreadablePicture[];
  /** Whether its images were made of pictures. */
  readonly isImported: boolean;
  /** The cache and the place in it that the images came from; none where they are in memory only. */
  readonly cached?: { readonly cache: ImportCache; readonly content: string } | undefined;
}

interface Source extends SourceOptions {
  readonly reader: Reader;
  readonly found: PathContent;
  readonly cacheFolder: string;
}

/**
 * Opens what a reader recognises; encoded pictures come from the cache, and into it if they are not there yet.
 *
 * @param reader The format.
 * @param found What is at its path.
 * @param options Settings, cache, who listens.
 * @returns Its images.
 * @throws {DataError} If something is missing or damaged, or was changed while it was read; one line.
 */
export async function openSource(reader: Reader, found: PathContent, options: SourceOptions): Promise<OpenedSource> {
  const source: Source = { ...options, reader, found, cacheFolder: options.cache ?? defaultCacheFolder() };
  const cache = new ImportCache(source.cacheFolder, options.cacheOptions);
  const stamp = await stampSource(reader, found);
  const key = keyOf(stamp, options);
  const cached = lookUp(cache, key, source);
  if (cached !== undefined) return fromCache(cache, cached);
  const read = await reader.read(found);
  if (!isListing(read)) return { gathered: read, unreadable: [], isImported: false };
  try {
    return await importToCache(cache, { ...source, stamp, key, listing: read });
  } catch (error) {
    if (!(error instanceof CacheError)) throw error;
    options.onNotice?.(
      `The cache ${source.cacheFolder} cannot be written (${error.message}): ${
        printable(found.path)
      } is decoded in memory`,
    );
    const imported = await importPictures(read, { ...options, path: found.path, makeSlots: slotsInMemory });
    const { images, unreadable } = imported;
    return { ...gather(images, infoOf(read, images), found.path), unreadable, isImported: true };
  }
}

/** What a source is and how it is imported; how it is divided comes after. */
function keyOf(
  stamp: string,
  { settings: { side, channels, fit }, like }: Pick<SourceOptions, "settings" | "like">,
): string {
  const { height, width } = side !== undefined ? { height: side, width: side } : like ?? {};
  const wanted = [stamp, height ?? null, width ?? null, channels ?? like?.channels ?? null, fit];
  return nodeCrypto().createHash("sha256").update(JSON.stringify(wanted)).digest("hex");
}

function lookUp(cache: ImportCache, key: string, { found, onNotice }: Source): CachedSource | undefined {
  try {
    const cached = cache.find(key);
    if (cached === "damaged") {
      onNotice?.(`The cache of ${printable(found.path)} is damaged: its pictures are decoded again`);
    }
    return typeof cached === "string" ? undefined : cached;
  } catch {
    // A cache that may not be read is none.
    return undefined;
  }
}

async function importToCache(
  cache: ImportCache,
  source: Source & { stamp: string; key: string; listing: PictureListing },
): Promise<OpenedSource> {
  const { found, reader, listing, stamp, key, settings } = source;
  const startedAt = performance.now();
  using draft = inCache(() => cache.begin());
  const imported = await importInto(draft, source);
  if (await stampSource(reader, found) !== stamp) {
    throw new DataError(
      `Cannot import ${found.path}: it was changed while it was read, start again when it is complete`,
    );
  }
  const { images, checksum, unreadable } = imported;
  const info = infoOf(listing, images);
  const record: SourceRecord = {
    path: found.path,
    content: identify(images, info.info.classes!),
    ...info,
    unreadable,
    imported: new Date().toISOString(),
    seconds: Math.round(performance.now() - startedAt) / 1000,
  };
  inCache(() => {
    writeContent(draft.folder, images, checksum);
    // What was chosen by the pictures can be asked for, too: a trained network knows its size.
    const asked = keyOf(stamp, { settings: { ...settings, side: undefined, channels: undefined }, like: images });
    cache.keep([...new Set([key, asked])], record, draft);
  });
  const cached = cache.find(key);
  if (typeof cached === "string") throw new CacheError(`what was written is ${cached}`);
  return fromCache(cache, cached);
}

async function importInto(draft: Draft, source: Source & { listing: PictureListing }): Promise<ImportedPictures> {
  const path = join(draft.folder, CONTENT_FILES.pixels);
  let file: Disposable | undefined;
  try {
    return await importPictures(source.listing, {
      ...source,
      path: source.found.path,
      makeSlots(_, size) {
        const slots = inCache(() => slotsInFile(path, size));
        file = slots;
        return slots;
      },
    });
  } finally {
    file?.[Symbol.dispose]();
  }
}

/** What the files tell of a dataset. Sizes and numbers are those of the pictures, not of the images that become of them. */
function infoOf(
  { classes, info, infoOrigin }: PictureListing,
  { height, width }: Pick<StoredImages, "height" | "width">,
): { info: DatasetInfo; infoOrigin: string } {
  const { height: from, width: across, channels: _c, train: _train, test: _test, augmentation, ...rest } = info;
  const stated = Math.min(from ?? Infinity, across ?? Infinity);
  const scale = Number.isFinite(stated) ? Math.min(height, width) / stated : 1;
  const scaled = augmentation && {
    ...augmentation,
    cropPadding: Math.round(scale * augmentation.cropPadding),
    cutout: Math.round(scale * augmentation.cutout),
  };
  return { info: { ...rest, classes: [...classes], ...(scaled && { augmentation: scaled }) }, infoOrigin };
}

function fromCache(cache: ImportCache, { record, images }: CachedSource): OpenedSource {
  const { info, infoOrigin, unreadable, path, content } = record;
  return {
    ...gather(images, { info, infoOrigin }, path),
    unreadable,
    isImported: true,
    cached: { cache, content },
  };
}

function gather(
  { height, width, channels, parts }: StoredImages,
  info: { info: DatasetInfo; infoOrigin: string },
  path: string,
): { gathered: GatheredDataset } {
  const part = (name: StoredPart["name"]): GatheredPart | undefined => {
    const found = parts.find((part) => part.name === name);
    return found && { ...found, height, width, channels, origin: { images: path, labels: path } };
  };
  const train = part("train");
  if (train === undefined) {
    throw new DataError(`Cannot open dataset ${path}: none of its pictures is to be learnt from`);
  }
  return { gathered: { train, validation: part("validation"), test: part("test"), ...info } };
}

/** Fingerprint of images before they are divided. */
function identify({ height, width, channels, parts }: StoredImages, classes: readonly string[]): string {
  const part = (name: StoredPart["name"]) => parts.find((part) => part.name === name);
  const train = part("train") ??
    { labels: new Uint8Array(), count: 0, pixels: { length: 0, read: () => new Uint8Array() } };
  return fingerprint({ classes, height, width, channels, train, validation: part("validation"), test: part("test") });
}
