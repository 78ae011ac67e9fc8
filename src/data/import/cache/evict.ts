import { join } from "node:path";
import { type CachePaths, namesIn, readSealed, removeQuietly } from "./cache_folder.ts";
import { CONTENT_FILES } from "./content.ts";
import type { SourceRecord } from "./source_record.ts";

/** A content as it lies in a cache. */
export interface KeptContent {
  /** Its fingerprint, the name of its folder. */
  readonly name: string;
  /** Bytes of its files. */
  readonly bytes: number;
  /** When it was used last, in milliseconds since 1970; 0 if it has no header. */
  readonly usedAt: number;
}

/** Lists the contents of a cache, the one used longest ago first. */
export function listContents({ contents }: CachePaths): KeptContent[] {
  return namesIn(contents).map((name) => {
    const folder = join(contents, name);
    return { name, bytes: folderBytes(folder), usedAt: modified(join(folder, CONTENT_FILES.header)) };
  }).sort((a, b) => a.usedAt - b.usedAt);
}

/**
 * Removes contents until no more bytes are kept than allowed: the one used longest ago first, never one that a process uses.
 *
 * @param paths The cache.
 * @param maximumBytes Most bytes of all contents together.
 * @param uses `isInUse`: whether a process uses the content in a folder.
 */
export function keepWithin(
  paths: CachePaths,
  maximumBytes: number,
  { isInUse }: { isInUse: (folder: string) => boolean },
): void {
  const kept = listContents(paths);
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes } of kept) {
    if (total <= maximumBytes) break;
    if (isInUse(join(paths.contents, name))) continue;
    removeContent(paths, name);
    total -= bytes;
  }
}

/** Removes a content with the sources that have it. */
export function removeContent(paths: CachePaths, name: string): void {
  // The sources first: one without content is imported again, a content without source would lie there unseen until it is the oldest.
  for (const source of namesIn(paths.sources)) {
    const path = join(paths.sources, source);
    const found = readSealed(path);
    if (typeof found !== "string" && (found.value as SourceRecord).content === name) removeQuietly(path);
  }
  removeQuietly(join(paths.contents, name));
}

/** Bytes of the files of a folder. */
export function folderBytes(folder: string): number {
  return namesIn(folder).reduce((sum, name) => {
    try {
      return sum + Deno.statSync(join(folder, name)).size;
    } catch {
      return sum;
    }
  }, 0);
}

function modified(path: string): number {
  try {
    return Deno.statSync(path).mtime?.getTime() ?? 0;
  } catch {
    return 0;
  }
}
