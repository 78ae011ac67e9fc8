import { basename, dirname, join, normalize } from "node:path/posix";
import { DataError, listTree, printable } from "../data/mod.ts";
import { sha256 } from "../formats/mod.ts";
import { asRunError, RunError } from "../run/mod.ts";
import { DamagedObject, INPUT_FILES, packFiles, type Patience, type ResultStore, unpackFiles } from "../store/mod.ts";
import { zooFolder } from "../zoo/mod.ts";
import { DATASETS, fingerprintAt } from "./inputs.ts";
import type { Trial } from "./trial.ts";

/** Something that a trial reads and that travels. */
interface CarriedInput {
  /** Flag that names it, or `zoo`. */
  readonly flag: string;
  /** Where it is, from where the program runs: the same on every machine. */
  readonly path: string;
  /** What it must be. */
  readonly fingerprint: string;
}

/** Below these inputs travel, and nowhere else: nothing there is run, and whoever can write to a queue or a store chooses the rest of the path. */
const PLACES = /^runs\/(data\/.|zoo(\/|$))/;
/** Zoos among them. */
const ZOOS = /^runs\/zoo(\/|$)/;
/** What is larger is to be brought by other means: it is held in memory. */
const MOST_BYTES = 2 ** 30;

/**
 * Brings what trials read to a store, where it is not there yet: datasets below `runs/data`, zoos and entries below `runs/zoo`.
 *
 * @param trials The trials.
 * @param options The store; folder of decoded pictures; what was looked at before; told in one line what does not travel.
 * @throws {RunError} If it cannot be read, or is changed meanwhile.
 */
export async function sendInputs(
  trials: readonly Trial[],
  { store, cache, known = new Set(), say }: {
    store: ResultStore;
    cache?: string | undefined;
    known?: Set<string>;
    say: (line: string) => void;
  },
): Promise<void> {
  for (const input of trials.flatMap(carriedInputs)) {
    const name = await objectOf(input);
    if (known.has(name)) continue;
    known.add(name);
    if (!await exists(input.path) || await store.has(name)) continue;
    const paths = await filesAt(input.path);
    const bytes = (await Promise.all(paths.map((path) => Deno.stat(join(dirname(input.path), path)))))
      .reduce((sum, { size }) => sum + size, 0);
    if (bytes > MOST_BYTES) {
      say(
        `${input.path} has ${bytes} bytes, more than ${MOST_BYTES} do not travel: put it at this path on every machine`,
      );
      continue;
    }
    const archive = await packFiles(dirname(input.path), paths, INPUT_FILES);
    // Another content of this name would be in the way of the right one for ever.
    if (await fingerprintAt(input.flag, input.path, { cache }) !== input.fingerprint) {
      throw new RunError(`Cannot send ${input.path}: it was changed meanwhile, expected what the trials are to read`);
    }
    await store.putFirst(name, archive);
  }
}

/**
 * Fetches what a trial reads and this machine has not, if it is in the store. Nothing is replaced, and what is not what the trial reads
 * does not take its place.
 *
 * @param trial The trial.
 * @param options The store, how long it is asked, folder of decoded pictures.
 * @throws {DamagedObject} If what the store has is something else.
 * @throws {RunError} If it cannot be written.
 */
export async function fetchInputs(
  trial: Trial,
  { store, cache, ...patience }: { store: ResultStore; cache?: string | undefined } & Patience,
): Promise<void> {
  for (const input of carriedInputs(trial)) {
    const { flag, path, fingerprint } = input;
    if (await exists(path) && !(flag === "zoo" && await isPartial(path, fingerprint))) continue;
    if (await leadsElsewhere(path)) continue;
    const name = await objectOf(input);
    const archive = await store.get(name, patience);
    if (archive === undefined) continue;
    const draft = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}.tmp`);
    try {
      // A single entry does not make a zoo: trials that choose from it wait for the others.
      if (flag !== "zoo" && !await exists(dirname(path))) await beginZoo(dirname(path));
      await Deno.mkdir(draft, { recursive: true });
      await unpackFiles(archive, draft, { holding: INPUT_FILES, shown: store.at(name) });
      const content = join(draft, basename(path));
      if (await fingerprintAt(flag, content, { cache }) !== fingerprint) {
        throw new DamagedObject(
          `Cannot use ${store.at(name)}: it is not what trial ${trial.id} reads as ${printable(path)}`,
        );
      }
      await moveTo(path, content);
      if (flag === "zoo") await completeZoo(path, content, fingerprint);
    } catch (error) {
      throw error instanceof DataError ? error : asRunError(`Cannot fetch ${printable(path)}`, error);
    } finally {
      await Deno.remove(draft, { recursive: true }).catch(() => {});
    }
  }
}

/** Marks a zoo that has single entries alone, which were fetched one by one. */
const PARTIAL = ".single-entries";

async function beginZoo(zoo: string): Promise<void> {
  if (!ZOOS.test(zoo)) return;
  await Deno.mkdir(zoo, { recursive: true });
  await Deno.writeTextFile(join(zoo, PARTIAL), "");
}

/** Whether entries of a zoo are here, and others are not. */
async function isPartial(zoo: string, fingerprint: string): Promise<boolean> {
  const mark = join(zoo, PARTIAL);
  if (!await exists(mark)) return false;
  if (await fingerprintAt("zoo", zoo) !== fingerprint) return true;
  await Deno.remove(mark).catch(() => {});
  return false;
}

/** Gives a zoo that was there in parts what it has not. */
async function completeZoo(zoo: string, content: string, fingerprint: string): Promise<void> {
  if (!await exists(join(zoo, PARTIAL)) || !await exists(content)) return;
  for await (const { name } of Deno.readDir(content)) await moveTo(join(zoo, name), join(content, name));
  await isPartial(zoo, fingerprint);
}

/** What of a trial's inputs travels. Whoever can write to a queue may have written the trial. */
function carriedInputs({ settings, inputs }: Trial): CarriedInput[] {
  const zoo = typeof settings.zoo === "string" ? settings.zoo : zooFolder();
  return Object.entries(inputs).flatMap(([key, fingerprint]) => {
    const [, flag, name] = /^(\w+)(?: (.+))?$/s.exec(key) ?? [];
    if (flag === undefined || !/^[0-9a-f]{64}$/.test(String(fingerprint))) return [];
    const named = name ?? zoo;
    // Of names without a path those of entries are in the zoo, and those of datasets are known everywhere.
    const isEntry = name !== undefined && !DATASETS.includes(flag) && !/[/\\]/.test(name);
    const path = normalize((isEntry ? `${zoo}/${named}` : named).replace(/\/+$/, ""));
    return PLACES.test(path) && INPUT_FILES.path.test(path) ? [{ flag, path, fingerprint }] : [];
  });
}

/** Equal content under another path may be of another kind: an archive, a folder. */
async function objectOf({ path, fingerprint }: CarriedInput): Promise<string> {
  const place = await sha256(new TextEncoder().encode(path));
  return `inputs/${fingerprint}.${place.slice(0, 16)}.tar`;
}

/** Paths of the files of an input from the folder that it is in. */
async function filesAt(path: string): Promise<string[]> {
  const name = basename(path);
  if ((await Deno.stat(path)).isFile) return [name];
  const entries = await listTree(path);
  return entries.filter(({ kind }) => kind === "file").map((entry) => `${name}/${entry.path}`).sort();
}

/** Gives what was fetched its place, unless somebody else was first. */
async function moveTo(path: string, content: string): Promise<void> {
  try {
    await Deno.rename(content, path);
  } catch (error) {
    if (!await exists(path)) throw new RunError(`Cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Whether links lead from a place of inputs out of it, where nothing is to be written; links of the place itself do not count. */
async function leadsElsewhere(path: string): Promise<boolean> {
  const place = path.split("/").slice(0, 2).join("/");
  let parent = dirname(path);
  while (parent.length > place.length && !await exists(parent)) parent = dirname(parent);
  if (parent.length <= place.length) return false;
  const [root, real] = await Promise.all([place, parent].map((path) => Deno.realPath(path).catch(() => undefined)));
  return root === undefined || real === undefined || !`${real}/`.startsWith(`${root}/`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
