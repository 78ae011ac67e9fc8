import { join } from "node:path";
import { openSealed, sealJson } from "./sealed_json.ts";

/** Version of everything below; a folder of another version is neither read nor written. */
const VERSION = "v1";

/** The folder of the cache if none is given: that of the environment, or one beside the runs of the working directory. */
export function defaultCacheFolder(): string {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "ROOTSTOCK_CACHE" });
  return (state === "granted" ? Deno.env.get("ROOTSTOCK_CACHE") : undefined) || join("runs", "cache");
}

/** Where things are in a cache. */
export interface CachePaths {
  /** The whole cache, all versions. */
  readonly root: string;
  /** This version of it. */
  readonly version: string;
  /** One file for each source that was imported: what it is made of, and which content it has. */
  readonly sources: string;
  /** One folder for each content, named by its fingerprint. */
  readonly contents: string;
  /** What is being made, a folder each. */
  readonly drafts: string;
}

/** Names the places of a cache; nothing is made. */
export function cachePaths(root: string): CachePaths {
  const version = join(root, VERSION);
  return {
    root,
    version,
    sources: join(version, "sources"),
    contents: join(version, "contents"),
    drafts: join(version, "drafts"),
  };
}

/**
 * Writes a value so that its path holds the old one or the new one, whole, at any instant.
 *
 * @param path The file; its folder must exist.
 * @param value Plain JSON data.
 */
export function writeSealed(path: string, value: unknown): void {
  const draft = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    using file = Deno.openSync(draft, { write: true, createNew: true });
    writeWhole(file, new TextEncoder().encode(sealJson(value)));
    file.syncSync();
    Deno.renameSync(draft, path);
  } catch (error) {
    removeQuietly(draft);
    throw error;
  }
}

/** Larger than what 100,000 unreadable pictures are told in. */
const maximumSealedBytes = 2 ** 26;

/**
 * Reads what {@linkcode writeSealed} has written.
 *
 * @returns The value; `"absent"` if there is no file, `"damaged"` if it is not as it was written.
 */
export function readSealed(path: string): { readonly value: unknown } | "absent" | "damaged" {
  try {
    const { isFile, size } = Deno.statSync(path);
    if (!isFile || size > maximumSealedBytes) return "damaged";
    const value = openSealed(Deno.readTextFileSync(path));
    return value === undefined ? "damaged" : { value };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return "absent";
    throw error;
  }
}

/** Writes all bytes where the file stands; one call may write less. */
export function writeWhole(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let start = 0; start < bytes.length;) start += file.writeSync(bytes.subarray(start));
}

/** Removes a file or a folder with all that is in it, if it can be. */
export function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // Somebody else has removed it, or nobody may: it is only in the way.
  }
}

/** What is in a folder, in the order of the names; nothing where there is none. */
export function namesIn(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
