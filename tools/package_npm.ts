/**
 * Makes the npm package of the embedding library, `runs/npm/package/`, and its tarball: bundle, kernels, types.
 *
 * `npm publish runs/npm/rootstock-embed-VERSION.tgz` is left to whoever may.
 *
 * @module
 */
import { packTar, unpackTar } from "modern-tar";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import project from "../deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const OUT = `${ROOT}runs/npm`;
const FOLDER = `${OUT}/package`;

/** Where `deno pack` puts what a module declares. */
const ENTRY = "package/src/embed/mod.d.ts";

/**
 * Takes what a module declares, and what that imports.
 *
 * @param declarations Texts of declarations by path.
 * @param entry Path of the module's.
 * @returns The texts that are needed, by path.
 * @throws {RangeError} If one is missing, or imports another package.
 */
export function pickTypes(declarations: ReadonlyMap<string, string>, entry: string): Map<string, string> {
  const picked = new Map<string, string>();
  const wanted = [entry];
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (picked.has(path)) continue;
    const text = declarations.get(path);
    if (text === undefined) throw new RangeError(`Cannot pack types: ${path} is missing`);
    picked.set(path, text);
    const code = text.replace(/\/\*[\s\S]*?\*\//g, "");
    for (const [, specifier] of code.matchAll(/\b(?:from\s*|import\()"([^"]+)"/g)) {
      if (!specifier!.startsWith(".")) throw new RangeError(`Cannot pack types: ${path} imports ${specifier}`);
      wanted.push(join(dirname(path), specifier!.replace(/\.js$/, ".d.ts")));
    }
  }
  return picked;
}

/** What npm is told of the package. */
export function describePackage(): Record<string, unknown> {
  return {
    name: "@rootstock/embed",
    version: project.version,
    description: "Small image classifiers in WebAssembly: predict, and learn new classes on the device",
    license: project.license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=20" },
    exports: {
      ".": { types: "./types/src/embed/mod.d.ts", default: "./dist/rootstock.js" },
      "./rootstock.wasm": "./dist/rootstock.wasm",
    },
    files: ["dist", "types"],
  };
}

async function main(): Promise<number> {
  await Deno.remove(OUT, { recursive: true }).catch(() => {});
  await Deno.mkdir(FOLDER, { recursive: true });
  await run(["task", "--quiet", "embed", "--out", `${FOLDER}/dist`]);
  for (const [path, text] of pickTypes(await declare(), ENTRY)) {
    const file = `${FOLDER}/types/${path.replace(/^package\//, "")}`;
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  await Deno.writeTextFile(`${FOLDER}/package.json`, `${JSON.stringify(describePackage(), null, 2)}\n`);
  await Deno.copyFile(`${ROOT}docs/embed.md`, `${FOLDER}/README.md`);
  await Deno.copyFile(`${ROOT}LICENSE`, `${FOLDER}/LICENSE`);
  const tarball = `${OUT}/rootstock-embed-${project.version}.tgz`;
  const bytes = gzipSync(await packTar(await listFiles("")), { level: 9 });
  await Deno.writeFile(tarball, bytes);
  console.log(`${tarball}: ${(bytes.length / 1000).toFixed(1)} kB`);
  return 0;
}

/** What all modules declare, as `deno pack` works it out. */
async function declare(): Promise<Map<string, string>> {
  const tarball = `${OUT}/sources.tgz`;
  await run(["pack", "--quiet", "--allow-dirty", "--no-source-maps", "--output", tarball]);
  const entries = await unpackTar(gunzipSync(await Deno.readFile(tarball)));
  await Deno.remove(tarball);
  const declarations = entries.filter(({ header }) => header.name.endsWith(".d.ts"));
  return new Map(declarations.map(({ header, data }) => [header.name, new TextDecoder().decode(data)]));
}

async function listFiles(path: string): Promise<{ header: { name: string; size: number }; body: Uint8Array }[]> {
  const files: Awaited<ReturnType<typeof listFiles>> = [];
  const entries = await Array.fromAsync(Deno.readDir(join(FOLDER, path)));
  for (const { name, isDirectory } of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
    const inner = join(path, name);
    if (isDirectory) {
      files.push(...await listFiles(inner));
      continue;
    }
    const body = await Deno.readFile(join(FOLDER, inner));
    files.push({ header: { name: `package/${inner}`, size: body.length }, body });
  }
  return files;
}

async function run(args: string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  const decoder = new TextDecoder();
  if (!success) {
    throw new Error(`Cannot run deno ${args.join(" ")}: ${decoder.decode(stdout)}${decoder.decode(stderr)}`);
  }
}

if (import.meta.main) Deno.exit(await main());
