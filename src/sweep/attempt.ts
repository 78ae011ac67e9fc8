import { dirname, join } from "node:path";
import { asRunError, CHECKPOINT_FILE, readJson, readRegularText, RunError, writeAtomic } from "../run/mod.ts";
import { DamagedObject, packFiles, type Patience, type ResultStore, RUN_FILES, unpackFiles } from "../store/mod.ts";
import type { Trial } from "./trial.ts";

/** Read first when a run is copied: what it goes on from, whatever is written meanwhile. */
const FIRST = CHECKPOINT_FILE;
/** Written last when a run is copied: without it no run has begun. */
const LAST = "config.json";
/** What a run has once it is finished. */
const RESULT = "result.json";
/** What is of the process that works in a folder, not of its run. */
const NOT_COPIED = /^lock$|\.tmp$/;

/** Seconds in which a store is to take what would be good to have there, no more. */
const SHORT_SECONDS = 10;
/** Runs that are fetched from a store at once. */
const FETCHED_AT_ONCE = 4;

/**
 * The folders of trials in a folder of results, and what of them is in a store.
 *
 * An attempt works in a folder of its own: `attempts/ID.N`. It goes on from what the attempt before it left there, wherever that ran.
 * What is finished is moved to `trials/ID`, or its place in a comparison, in one step, by whoever is first. Whoever is late finds it there.
 *
 * Without a store all workers share the folder. With one it is this worker's own, and what others need is in the store, an object each:
 * `attempts/ID.N.tar` a checkpoint, `trials/ID.tar` the finished run, `logs/ID.N.log` what a failed attempt said.
 */
export class TrialFolders {
  /** Folder of the finished run. */
  readonly finished: string;
  readonly #out: string;
  readonly #id: string;
  /** How the page of a finished run calls its folder in the store. */
  readonly #called: string;
  readonly #store: ResultStore | undefined;
  /** What of the attempt was in the store last. */
  #saved: string | undefined;

  /**
   * @param out Folder of the results.
   * @param trial The trial.
   * @param store Where they are shared, unless the folder is.
   */
  constructor(out: string, { id, place = `trials/${id}` }: Pick<Trial, "id" | "place">, store?: ResultStore) {
    this.finished = join(out, place);
    this.#out = out;
    this.#id = id;
    this.#called = `trials/${id}`;
    this.#store = store;
  }

  /** Folder of an attempt. */
  attempt(number: number): string {
    return join(this.#out, "attempts", `${this.#id}.${number}`);
  }

  /** Where others find the finished run: a folder, or an object of the store. */
  get expected(): string {
    return this.#store?.at(this.#finishedName) ?? this.finished;
  }

  /** Where others find what a failed attempt said: a file, or an object of the store. */
  log(number: number): string {
    const name = this.#logName(number);
    return this.#store?.at(name) ?? join(this.#out, name);
  }

  /**
   * What the finished run came to; fetched from the store if another machine made it.
   *
   * @param patience How long the store is asked.
   * @returns Its result; undefined if it is not finished.
   * @throws {DamagedObject} If what the store has is none.
   */
  async result(patience?: Patience): Promise<unknown | undefined> {
    const path = join(this.finished, RESULT);
    const known = await readJson(path);
    if (known !== undefined || !await this.#takeOwn() && !await this.#fetchFinished(patience)) return known;
    return await readJson(path);
  }

  /**
   * Makes the folder of an attempt, with what the last one that had begun left.
   *
   * @param number The attempt.
   * @param options How long the store is asked; told in one line what cannot be gone on from.
   * @returns The folder.
   */
  async begin(
    number: number,
    { say, ...patience }: Patience & { say?: ((line: string) => void) | undefined } = {},
  ): Promise<string> {
    const folder = this.attempt(number);
    try {
      await Deno.remove(folder, { recursive: true }).catch(ignoreMissing);
      await Deno.mkdir(folder, { recursive: true });
      for (let before = number - 1; before > 0; before--) {
        try {
          if (await this.#continueFrom(before, folder, patience)) break;
        } catch (error) {
          if (!(error instanceof DamagedObject)) throw error;
          say?.(`${error.message}; goes on without it`);
        }
      }
      return folder;
    } catch (error) {
      throw asRunError(`Cannot prepare ${folder}`, error);
    }
  }

  /**
   * Takes the finished run of an attempt to its place, unless there is one already: to the store, if there is one, and in the folder.
   *
   * @param number The attempt.
   * @param patience How long the store is asked.
   * @throws {RunError} If it cannot be moved, or is not finished.
   */
  async publish(number: number, patience?: Patience): Promise<void> {
    const folder = this.attempt(number);
    if (!await isThere(join(folder, RESULT))) {
      throw new RunError(`Cannot publish ${folder}: found no result.json, expected that of a finished run`);
    }
    if (this.#store === undefined) return await this.#move(folder, folder);
    const isFirst = await this.#send(this.#store, folder, { from: folder, ...patience });
    if (isFirst || !await this.#fetchFinished(patience)) await this.#move(folder, this.#called);
  }

  /**
   * Sees to it that a finished run that is here is in the store, too: it may be from a study that had another store, or none.
   *
   * @param patience How long the store is asked.
   */
  async share(patience?: Patience): Promise<void> {
    if (this.#store === undefined || await this.#store.has(this.#finishedName, patience)) return;
    const copy = join(this.#out, "attempts", `${this.#id}.${crypto.randomUUID()}`);
    try {
      await copyRun(this.finished, copy);
      await this.#send(this.#store, copy, { from: this.finished, ...patience });
    } catch (error) {
      throw asRunError(`Cannot read ${this.finished}`, error);
    } finally {
      await Deno.remove(copy, { recursive: true }).catch(ignoreMissing);
    }
  }

  /**
   * Keeps the checkpoint of an attempt in the store, if there is one and it is another one than that kept last.
   *
   * @param number The attempt.
   * @param patience How long the store is asked.
   */
  async save(number: number, patience: Patience = { seconds: SHORT_SECONDS }): Promise<void> {
    if (this.#store === undefined) return;
    const folder = this.attempt(number);
    const paths = await filesOf(folder);
    const mark = await markOf(folder, paths);
    // Without its configuration nothing goes on from it, and without a checkpoint nothing is won.
    if (!paths.includes(LAST) || mark === "" || mark === this.#saved) return;
    await this.#store.put(this.#attemptName(number), await packFiles(folder, paths, RUN_FILES), patience);
    this.#saved = mark;
  }

  /** Leaves an attempt to whoever goes on with it: with a store, nothing of it stays here. */
  async leave(number: number): Promise<void> {
    if (this.#store === undefined) return;
    // Whoever comes late, when the trial is finished, leaves nothing.
    if (!await this.#store.has(this.#finishedName, { seconds: SHORT_SECONDS })) await this.save(number);
    await Deno.remove(this.attempt(number), { recursive: true }).catch(() => {});
  }

  /** Removes what attempts up to a number left, wherever it can be done at once. */
  async clear(number: number): Promise<void> {
    for (let attempt = 1; attempt <= number; attempt++) {
      await Deno.remove(this.attempt(attempt), { recursive: true }).catch(() => {});
      await this.#store?.remove(this.#attemptName(attempt), { seconds: 0 }).catch(() => {});
    }
  }

  /** Keeps what a failed attempt said. */
  async writeLog(number: number, text: string): Promise<void> {
    const name = this.#logName(number);
    await Deno.mkdir(join(this.#out, "logs"), { recursive: true });
    await writeAtomic(join(this.#out, name), text);
    await this.#store?.put(name, new TextEncoder().encode(text), { seconds: SHORT_SECONDS });
  }

  get #finishedName(): string {
    return `trials/${this.#id}.tar`;
  }

  #attemptName(number: number): string {
    return `attempts/${this.#id}.${number}.tar`;
  }

  #logName(number: number): string {
    return `logs/${this.#id}.${number}.log`;
  }

  /** Copies what an attempt left to a folder; false if that is nothing. What is here is never older than what the store has of it. */
  async #continueFrom(before: number, folder: string, patience: Patience): Promise<boolean> {
    const left = this.attempt(before);
    if (await isThere(join(left, LAST))) {
      await copyRun(left, folder);
      return true;
    }
    const name = this.#attemptName(before);
    const archive = await this.#store?.get(name, patience);
    if (archive === undefined) return false;
    await unpackFiles(archive, folder, { holding: RUN_FILES, shown: this.#store!.at(name) });
    return true;
  }

  /** Brings a finished run to the store; whether it is the one that is there now. Its page names no folder of this machine. */
  async #send(
    store: ResultStore,
    folder: string,
    { from, ...patience }: { from: string } & Patience,
  ): Promise<boolean> {
    await renameInReport(folder, { from, to: this.#called });
    return await store.putFirst(
      this.#finishedName,
      await packFiles(folder, await filesOf(folder), RUN_FILES),
      patience,
    );
  }

  /** Takes the run of a comparison that a worker of its own folder has finished; whether there is one. */
  async #takeOwn(): Promise<boolean> {
    const folder = join(this.#out, this.#called);
    if (this.#store === undefined || folder === this.finished || !await isThere(join(folder, RESULT))) return false;
    await this.#move(folder, folder);
    return true;
  }

  /** Fetches the finished run; whether there is one. */
  async #fetchFinished(patience?: Patience): Promise<boolean> {
    const archive = await this.#store?.get(this.#finishedName, patience);
    if (archive === undefined) return false;
    const folder = join(this.#out, "attempts", `${this.#id}.${crypto.randomUUID()}`);
    try {
      await Deno.mkdir(folder, { recursive: true });
      await unpackFiles(archive, folder, { holding: RUN_FILES, shown: this.#store!.at(this.#finishedName) });
      await this.#move(folder, this.#called);
    } catch (error) {
      throw asRunError(`Cannot fetch ${this.finished}`, error);
    } finally {
      await Deno.remove(folder, { recursive: true }).catch(ignoreMissing);
    }
    return true;
  }

  /** Moves a finished run to its place, in one step, unless there is one; its page calls it by another name before. */
  async #move(folder: string, called: string): Promise<void> {
    await renameInReport(folder, { from: called, to: this.finished });
    try {
      await Deno.mkdir(dirname(this.finished), { recursive: true });
      await Deno.rename(folder, this.finished);
    } catch (error) {
      // A folder takes no other's place unless that is empty.
      if (!await isThere(join(this.finished, RESULT))) throw asRunError(`Cannot publish ${folder}`, error);
    }
  }
}

/**
 * Fetches finished runs of trials that are not in the folder yet from a store, if there is one, some at once.
 *
 * @param trials The trials.
 * @param options Folder of the results, the store, and how long it is asked.
 * @returns Where runs should be that are not there: folders, or objects of the store.
 * @throws {RunError} If one cannot be fetched.
 */
export async function fetchFinished(
  trials: readonly Trial[],
  { out, store, ...patience }: { out: string; store: ResultStore | undefined } & Patience,
): Promise<string[]> {
  const [left, missing]: [Trial[], string[]] = [[...trials], []];
  await Promise.all(Array.from({ length: FETCHED_AT_ONCE }, async () => {
    for (let trial; (trial = left.pop()) !== undefined;) {
      const folders = new TrialFolders(out, trial, store);
      if (await folders.result(patience) === undefined) missing.push(folders.expected);
    }
  }));
  return missing;
}

/** The page of a run names its folder. */
async function renameInReport(folder: string, { from, to }: { from: string; to: string }): Promise<void> {
  const path = join(folder, "report.html");
  const text = await readRegularText(path, { maximumBytes: 2 ** 28 });
  if (text !== undefined) await writeAtomic(path, text.replaceAll(from, to));
}

/**
 * Lists the files of a run in the order in which they are copied while it may still be written, by a worker that is taken for lost. A
 * checkpoint is replaced whole, and the history that belongs to it only grows: copied after it, it has all that the checkpoint speaks of.
 */
async function filesOf(folder: string): Promise<string[]> {
  const entries = (await Array.fromAsync(Deno.readDir(folder))).filter(({ name }) => !NOT_COPIED.test(name));
  const nested = await Promise.all(
    entries.filter(({ isDirectory }) => isDirectory).map(async ({ name }) =>
      (await filesOf(join(folder, name))).map((path) => `${name}/${path}`)
    ),
  );
  const rank = (name: string) => name === FIRST ? 0 : name === LAST ? 2 : 1;
  const files = entries.filter(({ isFile }) => isFile).map(({ name }) => name);
  return [...nested.flat(), ...files.sort((a, b) => rank(a) - rank(b))];
}

async function copyRun(from: string, to: string): Promise<void> {
  for (const path of await filesOf(from)) {
    await Deno.mkdir(dirname(join(to, path)), { recursive: true });
    await Deno.copyFile(join(from, path), join(to, path)).catch(ignoreMissing);
  }
}

/** What tells one checkpoint of a run, and of those within it, from the next: when they were written; empty without one. */
async function markOf(folder: string, paths: readonly string[]): Promise<string> {
  const kept = paths.filter((path) => [CHECKPOINT_FILE, RESULT].includes(path.split("/").at(-1)!));
  const times = await Promise.all(kept.map(async (path) => {
    const { mtime, size } = await Deno.stat(join(folder, path));
    return `${path} ${mtime?.getTime()} ${size}`;
  }));
  return times.join();
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
