import { basename, join } from "node:path";
import { DataError } from "../../errors.ts";
import { cachePaths, namesIn, readSealed, removeQuietly } from "./cache_folder.ts";
import { openHeader } from "./content.ts";
import { Draft } from "./draft.ts";
import { listContents, removeContent } from "./evict.ts";
import { isInUse } from "./in_use.ts";
import type { SourceRecord } from "./source_record.ts";

/** A dataset that is kept decoded. */
export interface CachedDataset {
  /** Fingerprint of its content. */
  readonly content: string;
  /** Where it came from, the one imported last first; empty if nobody knows any more. */
  readonly sources: readonly string[];
  /** Number of classes. */
  readonly classes: number;
  /** Number of images. */
  readonly images: number;
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** 1 grey, 3 colour. */
  readonly channels: number;
  /** Bytes on the disk. */
  readonly bytes: number;
  /** When it was used last, ISO 8601. */
  readonly used: string;
}

/**
 * Lists what a cache keeps.
 *
 * @param folder The cache.
 * @returns The datasets, the one used last first.
 */
export function listCache(folder: string): CachedDataset[] {
  const paths = cachePaths(folder);
  const records = namesIn(paths.sources).flatMap((name) => {
    const found = readSealed(join(paths.sources, name));
    return typeof found === "string" ? [] : [found.value as SourceRecord];
  });
  return listContents(paths).reverse().flatMap(({ name, bytes, usedAt }) => {
    const header = openHeader(join(paths.contents, name));
    if (typeof header === "string") return [];
    const own = records.filter(({ content }) => content === name).sort((a, b) =>
      a.imported < b.imported ? 1 : a.imported > b.imported ? -1 : 0
    );
    return [{
      content: name,
      sources: [...new Set(own.map(({ path }) => path))],
      classes: own[0]?.info.classes?.length ?? 0,
      images: header.parts.reduce((sum, { count }) => sum + count, 0),
      height: header.height,
      width: header.width,
      channels: header.channels,
      bytes,
      used: new Date(usedAt).toISOString(),
    }];
  });
}

/** What {@linkcode clearCache} has removed. */
export interface CacheClearing {
  /** Datasets. */
  readonly removed: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Datasets that stay because a process uses them. */
  readonly inUse: number;
}

/**
 * Removes what a cache keeps; what a process uses stays.
 *
 * @param folder The cache.
 * @param name A dataset: its path, the last part of that, or the start of its fingerprint; all if left out.
 * @returns What was removed.
 * @throws {DataError} If nothing has this name.
 */
export function clearCache(folder: string, name?: string): CacheClearing {
  const paths = cachePaths(folder);
  const isMeant = ({ content, sources }: CachedDataset) =>
    name === undefined || content.startsWith(name) || sources.some((path) => path === name || basename(path) === name);
  const meant = new Set(listCache(folder).filter(isMeant).map(({ content }) => content));
  if (name !== undefined && meant.size === 0) {
    throw new DataError(
      `Cannot clear ${name}: ${folder} keeps no dataset of this name, deno task data cache list shows them`,
    );
  }
  let [removed, bytes, inUse] = [0, 0, 0];
  for (const content of listContents(paths)) {
    // Whatever has no header is nobody's.
    if (name !== undefined && !meant.has(content.name)) continue;
    if (isInUse(join(paths.contents, content.name))) {
      inUse++;
      continue;
    }
    removeContent(paths, content.name);
    removed++;
    bytes += content.bytes;
  }
  if (name === undefined) clearLeftovers(folder);
  return { removed, bytes, inUse };
}

/** Removes other versions' folders, what killed processes were making, and sources without content. */
function clearLeftovers(folder: string): void {
  const paths = cachePaths(folder);
  for (const name of namesIn(folder)) {
    if (/^v\d+$/.test(name) && join(folder, name) !== paths.version) removeQuietly(join(folder, name));
  }
  Draft.sweep(paths.drafts);
  const contents = new Set(namesIn(paths.contents));
  for (const name of namesIn(paths.sources)) {
    const path = join(paths.sources, name);
    const found = readSealed(path);
    if (typeof found === "string" || !contents.has((found.value as SourceRecord).content)) removeQuietly(path);
  }
}
