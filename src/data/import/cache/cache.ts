import { join } from "node:path";
import type { CompleteImport } from "../settings.ts";
import { type CachePaths, cachePaths, readSealed, removeQuietly, writeSealed } from "./cache_folder.ts";
import { CONTENT_FILES, openContent, type StoredImages } from "./content.ts";
import { Draft } from "./draft.ts";
import { keepWithin } from "./evict.ts";
import { isInUse, useContent } from "./in_use.ts";
import type { SourceRecord } from "./source_record.ts";

/** What a cache has of a source. */
export interface CachedSource {
  /** All but the images. */
  readonly record: SourceRecord;
  /** The images, every byte checked. */
  readonly images: StoredImages;
}

/** How a cache is used; all of it has defaults. */
export interface CacheOptions {
  /** Most bytes that it keeps; what was used last longest ago goes first. Default 20 GiB. */
  readonly maximumBytes?: number | undefined;
  /** Largest content that is held in memory; 64 MiB if left out. */
  readonly residentBytes?: number | undefined;
}

type Split = Pick<CompleteImport, "splitSeed" | "testPortion">;

const defaultMaximumBytes = 20 * 2 ** 30;

/**
 * Decoded images of the datasets that were imported, in a folder that several processes may use at once.
 *
 * Sources are found by a key (what they are and how they were imported) and name a content by its fingerprint: the same pictures
 * in a folder and in an archive are kept once. Everything comes to its place by a rename, whole; what a killed process was
 * making is removed later.
 */
export class ImportCache {
  /** Where it is. */
  readonly paths: CachePaths;
  readonly #options: CacheOptions;

  /** Nothing is read or written yet. */
  constructor(folder: string, options: CacheOptions = {}) {
    this.paths = cachePaths(folder);
    this.#options = options;
  }

  /**
   * Looks for a source.
   *
   * @param key What it is and how it was imported, in hex digits.
   * @returns What there is of it. `"damaged"` if a byte is not as it was written: it is removed then, as far as it can be.
   */
  find(key: string): CachedSource | "absent" | "damaged" {
    const path = this.#source(key);
    const found = readSealed(path);
    if (typeof found === "string") return this.#forget(found, path);
    const record = found.value as SourceRecord;
    const folder = this.#content(record.content);
    // Held before it is looked at, so that nobody removes it meanwhile.
    useContent(folder);
    const images = openContent(folder, this.#options);
    // One content of several sources may have been removed with another of them.
    if (typeof images === "string") return this.#forget(images, path, folder);
    touch(join(folder, CONTENT_FILES.header));
    return { record, images };
  }

  #forget(state: "absent" | "damaged", ...paths: readonly string[]): "absent" | "damaged" {
    if (state === "damaged") paths.forEach(removeQuietly);
    return state;
  }

  /**
   * Begins to make a content.
   *
   * @returns A folder of its own, to be handed to {@linkcode ImportCache.keep} or disposed of.
   * @throws {Error} If the cache cannot be written.
   */
  begin(): Draft {
    Deno.mkdirSync(this.paths.sources, { recursive: true });
    Deno.mkdirSync(this.paths.contents, { recursive: true });
    Deno.mkdirSync(this.paths.drafts, { recursive: true });
    Draft.sweep(this.paths.drafts);
    return Draft.begin(this.paths.drafts);
  }

  /**
   * Keeps a source, and the content that was made of it unless it is there already; removes others if there are too many.
   *
   * @param keys What it is and how it was imported, in all ways to ask for the same.
   * @param record What is to be known of it.
   * @param draft Its content, complete.
   */
  keep(keys: readonly string[], record: SourceRecord, draft: Draft): void {
    const folder = this.#content(record.content);
    // What is there is either the same or damaged.
    const isThere = typeof openContent(folder, { residentBytes: 0 }) !== "string";
    if (!isThere) {
      removeQuietly(folder);
      draft.moveTo(folder);
    }
    useContent(folder);
    for (const key of keys) writeSealed(this.#source(key), record);
    keepWithin(this.paths, this.#options.maximumBytes ?? defaultMaximumBytes, { isInUse });
  }

  /** The fingerprint that a content has when it is divided in this way; undefined if nobody has taken it yet. */
  fingerprintOf(content: string, split: Split): string | undefined {
    const found = readSealed(this.#split(content, split));
    return typeof found === "string" ? undefined : String(found.value);
  }

  /** Remembers the fingerprint of a content that is divided in this way, if it can be written. */
  rememberFingerprint(content: string, split: Split, fingerprint: string): void {
    try {
      writeSealed(this.#split(content, split), fingerprint);
    } catch {
      // Next time it is taken again.
    }
  }

  #source(key: string): string {
    return join(this.paths.sources, `${key}.json`);
  }

  #content(fingerprint: string): string {
    return join(this.paths.contents, fingerprint);
  }

  #split(content: string, { splitSeed, testPortion }: Split): string {
    return join(this.#content(content), `split-${splitSeed}-${testPortion}.json`);
  }
}

/** Marks a content as used now. */
function touch(path: string): void {
  try {
    Deno.utimeSync(path, new Date(), new Date());
  } catch {
    // A cache that can only be read is never emptied either.
  }
}
