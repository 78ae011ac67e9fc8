/**
 * Fails when the committed kernels are not what the sources say: a source or a flag changed since they were built, or a
 * built file is not the one that the manifest describes.
 *
 * @module
 */
import { BUILDS, CRATE, fingerprint, measure, readManifest } from "./_kernel_builds.ts";

/**
 * Compares a folder of builds with the sources.
 *
 * @param folder Of the builds; default `kernels/pkg/`.
 * @returns One line a build that is stale; none if all are fresh.
 */
export async function findStaleKernels(folder: URL = new URL("pkg/", CRATE)): Promise<string[]> {
  const manifest = await readManifest(folder);
  if (!manifest) return ["Kernels have no manifest.json: run deno task build"];
  const stale: string[] = [];
  for (const build of BUILDS) {
    const entry = manifest.builds[build];
    if (!entry) {
      stale.push(`Kernels ${build} are not in manifest.json: run deno task build`);
      continue;
    }
    const sources = await fingerprint(build);
    if (entry.fingerprint !== sources) {
      stale.push(
        `Kernels ${build} are stale: built from ${short(entry.fingerprint)}, sources are ${
          short(sources)
        }: run deno task build`,
      );
    }
    const files = await measure(folder, build).catch(() => ({} as Awaited<ReturnType<typeof measure>>));
    for (const [name, described] of Object.entries(entry.files)) {
      const found = files[name];
      if (found?.sha256 !== described.sha256) {
        const what = found ? `is ${short(found.sha256)}, expected ${short(described.sha256)}` : "cannot be read";
        stale.push(`Kernels ${build} are damaged: ${name} ${what}: run deno task build`);
      }
    }
  }
  return stale;
}

function short(hash: string): string {
  return hash.slice(0, 12);
}

if (import.meta.main) {
  const stale = await findStaleKernels();
  for (const line of stale) console.error(line);
  if (stale.length > 0) Deno.exit(1);
  console.error("kernels are fresh");
}
