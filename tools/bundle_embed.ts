/**
 * Bundles the embedding library for pages, servers and edge workers: scripts, the code of the kernels, and types.
 *
 *     deno task embed [--out FOLDER]
 *
 * `rootstock.js` is what programs import. What learns lies in a script of its own, which is loaded when it is needed. `deno bundle`
 * fetches esbuild the first time.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const WASM = "rootstock.wasm";

/** What is loaded to predict, scripts and wasm, may take together, gzipped: bytes. What only learning loads comes later, if at all. */
const MOST_BYTES = 200_000;
const ONLY_LEARNING = /^finetune-/;

/** A file of the bundle and its sizes in bytes. */
interface BundledFile {
  readonly name: string;
  readonly bytes: number;
  readonly gzipped: number;
}

async function main(): Promise<number> {
  const { out } = parseArgs(Deno.args, { string: ["out"], default: { out: `${ROOT}runs/embed` } });
  await Deno.remove(out, { recursive: true }).catch(() => {});
  await bundle(out);
  await Deno.rename(`${out}/mod.js`, `${out}/rootstock.js`);
  await Deno.copyFile(`${ROOT}kernels/pkg/single/rootstock_kernels_bg.wasm`, `${out}/${WASM}`);
  const files = await measure(out);
  for (const { name, bytes, gzipped } of files) {
    console.log(
      `${name.padEnd(28)} ${(bytes / 1000).toFixed(1).padStart(7)} kB ${
        (gzipped / 1000).toFixed(1).padStart(7)
      } kB gzipped`,
    );
  }
  const total = sumGzipped(files);
  const toPredict = sumGzipped(files.filter(({ name }) => !ONLY_LEARNING.test(name)));
  const [all, first] = [total, toPredict].map((bytes) => (bytes / 1000).toFixed(1));
  console.log(`to predict ${first} kB gzipped, at most ${MOST_BYTES / 1000}; to learn, too, ${all} kB`);
  return toPredict <= MOST_BYTES ? 0 : 1;
}

async function bundle(out: string): Promise<void> {
  const flags = ["--quiet", "--no-lock", "--config", "tools/embed.json", "--platform", "browser"];
  const shape = ["--minify", "--code-splitting", "--outdir", out];
  const args = ["bundle", ...flags, ...shape, "src/embed/mod.ts"];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  if (!success) throw new Error(`Cannot bundle: ${new TextDecoder().decode(stderr)}`);
}

async function measure(folder: string): Promise<BundledFile[]> {
  const files: BundledFile[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".js") && name !== WASM) continue;
    const content = await Deno.readFile(`${folder}/${name}`);
    files.push({ name, bytes: content.length, gzipped: gzipSync(content, { level: 9 }).length });
  }
  return files.sort((a, b) => b.bytes - a.bytes);
}

function sumGzipped(files: readonly BundledFile[]): number {
  return files.reduce((sum, { gzipped }) => sum + gzipped, 0);
}

if (import.meta.main) Deno.exit(await main());
