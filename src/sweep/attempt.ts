import { dirname, join } from "node:path";
import { asRunError, CHECKPOINT_FILE, readJson, readRegularText, RunError, writeAtomic } from "../run/mod.ts";
import type { Trial } from "./trial.ts";

/** Written first when a run is copied: what it goes on from, whatever is written meanwhile. */
const FIRST = CHECKPOINT_FILE;
/** Written last when a run is copied: without it no run has begun. */
const LAST = "config.json";
/** What is of the process that works in a folder, not of its run. */
const NOT_COPIED = /^lock$|\.tmp$/;

/**
 * The folders of trials in a results store, which all workers share.
 *
 * An attempt works in a folder of its own: `attempts/ID.N`. It goes on from what the attempt before it left there, wherever that ran.
 * What is finished is moved to `trials/ID`, or its place in a comparison, in one step, by whoever is first. Whoever is late finds it there.
 */
export class TrialFolders {
  /** Folder of the finished run. */
  readonly finished: string;
  readonly #out: string;
  readonly #id: string;

  /**
   * @param out Folder of the results.
   * @param trial The trial.
   */
  constructor(out: string, { id, place = `trials/${id}` }: Pick<Trial, "id" | "place">) {
    this.finished = join(out, place);
    this.#out = out;
    this.#id = id;
  }

  /** Folder of an attempt. */
  attempt(number: number): string {
    return join(this.#out, "attempts", `${this.#id}.${number}`);
  }

  /** File with what a failed attempt said. */
  log(number: number): string {
    return join(this.#out, "logs", `${this.#id}.${number}.log`);
  }

  /** What the finished run came to; undefined before. */
  async result(): Promise<unknown | undefined> {
    return await readJson(join(this.finished, "result.json"));
  }

  /**
   * Makes the folder of an attempt, with what the last one that had begun left.
   *
   * @param number The attempt.
   * @returns The folder.
   */
  async begin(number: number): Promise<string> {
    const folder = this.attempt(number);
    try {
      await Deno.remove(folder, { recursive: true }).catch(ignoreMissing);
      await Deno.mkdir(folder, { recursive: true });
      for (let before = number - 1; before > 0; before--) {
        const left = this.attempt(before);
        if (await isThere(join(left, LAST))) {
          await copyRun(left, folder);
          break;
        }
      }
      return folder;
    } catch (error) {
      throw asRunError(`Cannot prepare ${folder}`, error);
    }
  }

  /**
   * Moves the finished run of an attempt to its place, unless there is one already.
   *
   * @param number The attempt.
   * @throws {RunError} If it cannot be moved, or is not finished.
   */
  async publish(number: number): Promise<void> {
    const folder = this.attempt(number);
    if (!await isThere(join(folder, "result.json"))) {
      throw new RunError(`Cannot publish ${folder}: found no result.json, expected that of a finished run`);
    }
    await renameInReport(folder, this.finished);
    try {
      await Deno.mkdir(dirname(this.finished), { recursive: true });
      await Deno.rename(folder, this.finished);
    } catch (error) {
      // A folder takes no other's place unless that is empty.
      if (await this.result() === undefined) throw asRunError(`Cannot publish ${folder}`, error);
    }
  }

  /** Removes what attempts up to a number left. */
  async clear(number: number): Promise<void> {
    for (let attempt = 1; attempt <= number; attempt++) {
      await Deno.remove(this.attempt(attempt), { recursive: true }).catch(() => {});
    }
  }

  /** Keeps what a failed attempt said. */
  async writeLog(number: number, text: string): Promise<void> {
    await Deno.mkdir(join(this.#out, "logs"), { recursive: true });
    await writeAtomic(this.log(number), text);
  }
}

/** The page of a run names its folder. */
async function renameInReport(from: string, to: string): Promise<void> {
  const path = join(from, "report.html");
  const text = await readRegularText(path, { maximumBytes: 2 ** 28 });
  if (text !== undefined) await writeAtomic(path, text.replaceAll(from, to));
}

/**
 * Copies a run that may still be written by a worker that is taken for lost. A checkpoint is replaced whole, and the history that
 * belongs to it only grows: copied after it, it has all that the checkpoint speaks of.
 */
async function copyRun(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  const entries = (await Array.fromAsync(Deno.readDir(from))).filter(({ name }) => !NOT_COPIED.test(name));
  for (const { name, isDirectory } of entries) if (isDirectory) await copyRun(join(from, name), join(to, name));
  const rank = (name: string) => name === FIRST ? 0 : name === LAST ? 2 : 1;
  const files = entries.filter(({ isFile }) => isFile).map(({ name }) => name);
  for (const name of files.sort((a, b) => rank(a) - rank(b))) {
    await Deno.copyFile(join(from, name), join(to, name)).catch(ignoreMissing);
  }
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
