import type { ImportCache } from "../../../../src/data/import/cache/cache.ts";
import type { StoredImages } from "../../../../src/data/import/cache/content.ts";
import type { SourceRecord } from "../../../../src/data/import/cache/source_record.ts";
import { writeImages } from "./_content.ts";

/** What a cache knows of a source of two classes. */
export function recordOf(path: string, content: string): SourceRecord {
  const imported = "2026-11-28T12:00:00.000Z";
  return { path, content, info: { classes: ["a", "b"] }, infoOrigin: path, unreadable: [], imported, seconds: 1 };
}

/** Keeps a source and its content. */
export function keep(cache: ImportCache, key: string, record: SourceRecord, images: StoredImages): void {
  using draft = cache.begin();
  writeImages(draft.folder, images);
  cache.keep([key], record, draft);
}
