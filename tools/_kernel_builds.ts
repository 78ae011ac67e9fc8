/**
 * What `build_kernels.ts` builds and what `check_kernels_fresh.ts` checks: the builds, their flags, their fingerprint
 * and the manifest beside them.
 *
 * @module
 */

/** The builds, all from one source. */
export const BUILDS = ["strict", "relaxed", "single"] as const;

/** One of them. */
export type BuildName = (typeof BUILDS)[number];

/** The crate. */
export const CRATE: URL = new URL("../kernels/", import.meta.url);

/** Stem of the files that a build consists of. */
export const STEM = "rootstock_kernels";

/** The files of a build that run; the others are types. */
export const BUILT_FILES: readonly string[] = [`${STEM}.js`, `${STEM}_bg.wasm`];

/** Linker arguments of a memory that is imported and shared, at most 4 GiB, and of what starts a thread in it. */
const SHARED_MEMORY = [
  "--shared-memory",
  "--import-memory",
  "--max-memory=4294967296",
  "--export=__wasm_init_tls",
  "--export=__tls_size",
  "--export=__tls_align",
  "--export=__tls_base",
].map((argument) => `link-arg=${argument}`);

const FLAGS: Record<BuildName, readonly string[]> = {
  strict: ["target-feature=+simd128,+atomics,+bulk-memory,+mutable-globals", ...SHARED_MEMORY],
  relaxed: ["target-feature=+simd128,+relaxed-simd,+atomics,+bulk-memory,+mutable-globals", ...SHARED_MEMORY],
  single: ["target-feature=+simd128"],
};

/** What every build leaves out: the source lines that panics would name, some kilobytes of each file. */
const WITHOUT_LOCATIONS = "-Zlocation-detail=none";

/** Compiler flags of a build, as rustc takes them. */
export function rustFlags(build: BuildName): string[] {
  return [...FLAGS[build].flatMap((flag) => ["-C", flag]), WITHOUT_LOCATIONS];
}

/** What `manifest.json` says of one build. */
export interface ManifestEntry {
  /** Of the sources and flags, see {@linkcode fingerprint}. */
  readonly fingerprint: string;
  /** Length in bytes and SHA-256 of each of {@linkcode BUILT_FILES}. */
  readonly files: Record<string, { readonly bytes: number; readonly sha256: string }>;
}

/** `manifest.json`, beside the folders of the builds. */
export interface Manifest {
  /** Version lines of the tools that built. */
  readonly toolchain: Record<string, string>;
  /** Entries by build. */
  readonly builds: Partial<Record<BuildName, ManifestEntry>>;
}

/** Reads the manifest in a folder; undefined if there is none. */
export async function readManifest(folder: URL): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(new URL("manifest.json", folder)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Fingerprint of everything in the repository that a build depends on: SHA-256 over the crate's sources, Cargo.toml and
 * Cargo.lock, in the order of their names, and the build's flags. Line ends count as `\n`.
 */
export async function fingerprint(build: BuildName): Promise<string> {
  const names = ["Cargo.toml", "Cargo.lock", ...await listFiles("src/")].sort();
  const parts: string[] = [rustFlags(build).join(" ")];
  for (const name of names) {
    const text = await Deno.readTextFile(new URL(name, CRATE));
    parts.push(name, text.replaceAll("\r\n", "\n"));
  }
  return await sha256(new TextEncoder().encode(parts.map((part) => `${part.length}:${part}`).join("\n")));
}

/** Lengths and checksums of a build's files in a folder of builds. */
export async function measure(folder: URL, build: BuildName): Promise<ManifestEntry["files"]> {
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const name of BUILT_FILES) {
    const bytes = await Deno.readFile(new URL(`${build}/${name}`, folder));
    files[name] = { bytes: bytes.length, sha256: await sha256(bytes) };
  }
  return files;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

async function listFiles(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(new URL(folder, CRATE))) {
    if (entry.isDirectory) names.push(...await listFiles(`${folder}${entry.name}/`));
    else if (entry.name.endsWith(".rs")) names.push(`${folder}${entry.name}`);
  }
  return names;
}
