/**
 * Builds the page: scripts, kernels, networks, and what keeps them for when there is no network.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Collection, ShippedNetwork } from "../page/shipped_network.ts";
import { STYLE } from "../src/report/style.ts";
import { type Card, decodeModel, encodeModel, NETWORK_FILE, readEntryFile } from "../src/zoo/mod.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const SOURCES = `${ROOT}page`;

/** What the page may do: use files beside it, and compile WebAssembly. */
export const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; " +
  "form-action 'none'";

/** Networks that come with the page: zoo entries, as users call them. The first is chosen when the page opens. */
const SHIPPED = [
  {
    entry: "math-symbols",
    title: "Drawn symbols",
    hint: "Draw a digit, a letter w, x, y or z, a plus, minus, slash or dot.",
  },
  { entry: "gtsrb20", title: "Traffic signs", hint: "Photographs of German traffic signs, cropped to the sign." },
  { entry: "fashion-mnist", title: "Clothes", hint: "Pieces of clothing, light on black." },
  { entry: "cifar10", title: "Animals and vehicles", hint: "Photographs with one animal or vehicle in the middle." },
  {
    entry: "photos",
    title: "Photographs",
    hint: "Photographs: 323 kinds of animals, things, clothes and places. The one to teach what a camera sees.",
  },
  {
    entry: "broad",
    title: "A bit of everything",
    hint: "Eleven collections of small pictures. It learns classes of your own in seconds.",
  },
] as const;

/** Files that are as they are in `page/`. */
const PLAIN = ["manifest.webmanifest", "icon.svg", "icon-192.png", "icon-512.png"];

/**
 * Builds the page.
 *
 * @param out The folder; what lies there is deleted.
 * @returns Names of its files.
 * @throws {Error} If something cannot be bundled, or an entry of the zoo is missing.
 */
export async function buildPage(out: string): Promise<string[]> {
  await Deno.remove(out, { recursive: true }).catch(() => {});
  await bundle(out, ["main.ts", "worker.ts"]);
  await Deno.copyFile(`${ROOT}kernels/pkg/single/rootstock_kernels_bg.wasm`, `${out}/rootstock.wasm`);
  for (const name of PLAIN) await Deno.copyFile(`${SOURCES}/${name}`, `${out}/${name}`);
  const html = await Deno.readTextFile(`${SOURCES}/index.html`);
  await Deno.writeTextFile(`${out}/index.html`, html.replace('content="POLICY"', `content="${POLICY}"`));
  await Deno.writeTextFile(`${out}/style.css`, `${STYLE}\n${await Deno.readTextFile(`${SOURCES}/page.css`)}`);
  await writeNetworks(out);
  return await addServiceWorker(out);
}

async function bundle(out: string, entries: readonly string[]): Promise<void> {
  const flags = ["--quiet", "--no-lock", "--config", "tools/page.json", "--platform", "browser"];
  const shape = ["--minify", "--code-splitting", "--outdir", out];
  const args = ["bundle", ...flags, ...shape, ...entries.map((entry) => `page/${entry}`)];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  if (!success) throw new Error(`Cannot bundle: ${new TextDecoder().decode(stderr)}`);
}

/** Networks as files in eight bits, and their list. */
async function writeNetworks(out: string): Promise<void> {
  const list: ShippedNetwork[] = [];
  for (const { entry, title, hint } of SHIPPED) {
    const { card, path, bytes } = await readEntryFile(entry, NETWORK_FILE);
    if (bytes === undefined) throw new Error(`${path}: found no network, expected that of the zoo entry`);
    const model = await decodeModel(bytes, { file: path });
    const file = `${entry}.rootstock`;
    const about = { name: title, licence: termsOf(card) };
    await Deno.writeFile(`${out}/${file}`, await encodeModel({ ...model, about }, "int8"));
    list.push({ file, title, hint, collections: collectionsOf(card) });
  }
  await Deno.writeTextFile(`${out}/models.json`, JSON.stringify(list));
}

/** Whose classes a network tells apart, if it learnt from several datasets. */
function collectionsOf({ sources }: Card): Collection[] | undefined {
  let first = 0;
  const all = sources.map(({ name, classes }) => ({ name, first, end: first += classes.length }));
  return all.length > 1 ? all : undefined;
}

/** Terms of what a network learnt from, as its card states them. */
function termsOf({ sources }: Card): string {
  const open = sources.filter(({ terms }) => terms?.use !== "commercial").map(({ name }) => name);
  const stated = new Set(sources.flatMap(({ terms }) => terms?.use === "commercial" ? [terms.licence] : []));
  return [...stated, open.length === 0 ? "" : `not stated for the pictures of ${open.join(", ")}`]
    .filter((part) => part !== "").join("; ");
}

/** Adds what keeps the page's files: it knows them all, and by their content which release they are. */
async function addServiceWorker(out: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(out)) names.push(name);
  names.sort();
  const hash = createHash("sha256");
  for (const name of names) hash.update(name).update(await Deno.readFile(`${out}/${name}`));
  const release = { version: hash.digest("hex").slice(0, 16), files: ["./", ...names] };
  await bundle(`${out}/worker`, ["service_worker.ts"]);
  const code = await Deno.readTextFile(`${out}/worker/service_worker.js`);
  await Deno.remove(`${out}/worker`, { recursive: true });
  await Deno.writeTextFile(`${out}/service_worker.js`, `const RELEASE=${JSON.stringify(release)};\n${code}`);
  return [...names, "service_worker.js"];
}
