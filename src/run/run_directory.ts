import { basename, dirname, join, resolve } from "node:path";
import { isTemporary, writeAtomic } from "./atomic_file.ts";
import { type Checkpoint, CHECKPOINT_FILE, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { compareConfiguration, CONFIGURATION_FILE, readConfiguration, writeConfiguration } from "./configuration.ts";
import { EventLog, readEvents, type RunEvent } from "./events.ts";
import { readJson, writeJson } from "./json_file.ts";
import { Lock } from "./lock.ts";
import { asRunError, RunError } from "./run_error.ts";
import { encodeSealed, type TensorLike } from "../formats/mod.ts";

/** Names of the other files in a run's folder. */
export const RUN_FILES = {
  events: "events.jsonl",
  genotype: "genotype.json",
  result: "result.json",
  lock: "lock",
} as const;

/** What a run is opened with. */
export interface RunOptions {
  /** Command, such as `transfer`. */
  readonly command: string;
  /** Options in nested groups; plain JSON data. All of them must be the same when resuming. */
  readonly configuration: object;
  /** Whether a run that is in the folder already is to be continued. */
  readonly resume: boolean;
  /** How the user calls the setting at a path; by its path if left out. */
  readonly nameOf?: ((path: string) => string) | undefined;
}

/**
 * The folder of a run that is going on. It can be continued after the process was killed at any instant.
 *
 * Only one process at a time has it open.
 */
export class RunDirectory {
  /** Path of the folder. */
  readonly path: string;
  /** Whether the run had been started before. */
  readonly isResumed: boolean;
  readonly #lock: Lock;
  readonly #events: EventLog;
  /** Folders that were made for it, the outermost last. */
  readonly #made: readonly string[];
  #isDiscarded = false;

  private constructor(
    path: string,
    parts: { isResumed: boolean; made: readonly string[]; lock: Lock; events: EventLog },
  ) {
    this.path = path;
    this.isResumed = parts.isResumed;
    this.#made = parts.made;
    this.#lock = parts.lock;
    this.#events = parts.events;
  }

  /**
   * Starts a run in a new or empty folder, or continues the one that is there.
   *
   * With `resume`, a folder where no run got as far as its configuration is started afresh: whatever instant a run was
   * killed at, the same command line continues it.
   *
   * @param path The folder; made if there is none.
   * @param options Command, configuration, whether to continue.
   * @returns The run, to be closed.
   * @throws {RunError} If the folder holds a run and `resume` is not set, if the configuration differs (names the flag
   *   and both values), if it holds other files, if another process has it open, or if it cannot be written.
   */
  static async open(path: string, { command, configuration, resume, nameOf }: RunOptions): Promise<RunDirectory> {
    const made = await makeFolders(path);
    let lock: Lock | undefined;
    try {
      await checkContent(path, resume);
      lock = await takeLock(path);
      const kept = await checkContent(path, resume);
      await removeLeftovers(path);
      if (kept === undefined) await writeConfiguration(path, { command, configuration });
      else compareConfiguration(path, kept, { command, configuration }, nameOf);
      const events = await EventLog.open(join(path, RUN_FILES.events));
      return new RunDirectory(path, { isResumed: kept !== undefined, made, lock, events });
    } catch (error) {
      // A folder that was made here has nothing in it but what was written here.
      if (made.length > 0 && lock) await Deno.remove(join(path, CONFIGURATION_FILE)).catch(() => {});
      await lock?.release();
      await removeEmpty(made);
      throw error;
    }
  }

  /**
   * Reads the last checkpoint and forgets the events after it: they will happen again.
   *
   * @returns The checkpoint; undefined if the run was stopped before its first one, and must start from the beginning.
   * @throws {RunError} If it is damaged.
   */
  async loadCheckpoint(): Promise<{ tensors: Map<string, TensorLike>; progress: unknown } | undefined> {
    const found = await readCheckpoint(join(this.path, CHECKPOINT_FILE));
    await this.#events.truncate(found?.eventBytes ?? 0);
    return found?.checkpoint;
  }

  /**
   * Replaces the checkpoint, atomically.
   *
   * @param checkpoint All that the run needs to go on.
   * @throws {RunError} If it cannot be written; the checkpoint before is untouched then.
   */
  async saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await writeCheckpoint(join(this.path, CHECKPOINT_FILE), checkpoint, await this.#events.sync());
  }

  /** Appends a line to the run's history. */
  async event(event: RunEvent): Promise<void> {
    await this.#events.append(event);
  }

  /** All events of the run so far. */
  async events(): Promise<RunEvent[]> {
    await this.#events.sync();
    return await readEvents(join(this.path, RUN_FILES.events));
  }

  /** Writes the architecture that the run found. */
  async writeGenotype(genotype: unknown): Promise<void> {
    await writeJson(join(this.path, RUN_FILES.genotype), genotype);
  }

  /** Writes the result, which marks the run as finished: to be called last. */
  async writeResult(result: unknown): Promise<void> {
    await this.#events.sync();
    await writeJson(join(this.path, RUN_FILES.result), result);
  }

  /** Writes a text file into the folder. */
  async writeText(name: string, text: string): Promise<void> {
    await writeAtomic(join(this.path, checkName(name)), text);
  }

  /** Writes a safetensors file into the folder. */
  async writeTensors(
    name: string,
    tensors: ReadonlyMap<string, TensorLike>,
    metadata?: Readonly<Record<string, string>>,
  ): Promise<void> {
    await writeAtomic(join(this.path, checkName(name)), await encodeSealed(tensors, metadata));
  }

  /** Result of the run; undefined if it is not finished. */
  async result(): Promise<unknown | undefined> {
    return await readJson(join(this.path, RUN_FILES.result));
  }

  /**
   * Takes away what was written of a run that failed before it had done anything of worth, so that the mended command works;
   * when the folder is closed, it goes as well if it was made for this run. Nothing happens if there is more in it.
   *
   * @param isRefused Whether what was begun is of no worth: a checkpoint and events do not count then.
   */
  async discard({ isRefused = false }: { isRefused?: boolean } = {}): Promise<void> {
    if (!await isUnstarted(this.path, isRefused)) return;
    for (const name of await listNames(this.path)) {
      if (name !== RUN_FILES.lock) await Deno.remove(join(this.path, name), { recursive: true });
    }
    this.#isDiscarded = true;
  }

  /** Ends the work in the folder and lets other processes open it. */
  async close(): Promise<void> {
    await this.#events.close();
    await this.#lock.release();
    if (this.#isDiscarded) await removeEmpty(this.#made);
  }

  /** As {@linkcode close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Makes a folder; returns those that were not there before, the innermost first. */
async function makeFolders(path: string): Promise<string[]> {
  const made: string[] = [];
  for (let folder = resolve(path); !await exists(folder); folder = dirname(folder)) made.push(folder);
  try {
    await Deno.mkdir(path, { recursive: true });
    return made;
  } catch (error) {
    await removeEmpty(made);
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new RunError(`Cannot make folder ${path}: it is a file, expected a folder or nothing`);
    }
    throw asRunError(`Cannot make folder ${path}`, error);
  }
}

/** Whether something is there, as far as one is allowed to know. */
async function exists(path: string): Promise<boolean> {
  if (dirname(path) === path) return true;
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}

/** Removes folders as long as they are empty, the innermost first. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await Deno.remove(folder);
    } catch {
      return;
    }
  }
}

/** What a run writes before it does anything. */
const WRITTEN_FIRST: readonly string[] = [CONFIGURATION_FILE, RUN_FILES.events, RUN_FILES.lock, "source.json"];

/** Whether a folder holds no more than runs that have done nothing of worth. */
async function isUnstarted(path: string, isRefused: boolean): Promise<boolean> {
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    if (isDirectory) {
      if (!await isUnstarted(join(path, name), isRefused)) return false;
      continue;
    }
    if (!WRITTEN_FIRST.includes(name) && !(isRefused && name === CHECKPOINT_FILE)) return false;
    if (name === RUN_FILES.events && !isRefused && (await Deno.lstat(join(path, name))).size > 0) return false;
  }
  return true;
}

async function takeLock(path: string): Promise<Lock> {
  try {
    return await Lock.take(join(path, RUN_FILES.lock));
  } catch (error) {
    const reason = (error as Error).message.replace(/^Cannot lock /, "");
    throw new RunError(`Cannot work in ${path}: ${reason}`, { cause: error });
  }
}

/** Whether the folder may be used, and what its run was started with if there is one. */
async function checkContent(path: string, resume: boolean) {
  const kept = await readConfiguration(path);
  if (kept !== undefined) {
    if (resume) return kept;
    throw new RunError(
      `Cannot start a run in ${path}: it holds a run of ${kept.command}, continue that with --resume or choose another folder`,
    );
  }
  const stranger = (await listNames(path)).find((name) => name !== RUN_FILES.lock && !isTemporary(name));
  if (stranger !== undefined) {
    throw new RunError(`Cannot start a run in ${path}: found ${stranger}, expected an empty folder`);
  }
}

/** Temporary files of a process that was killed; the lock is held, so nobody is writing them. */
async function removeLeftovers(path: string): Promise<void> {
  try {
    for (const name of await listNames(path)) if (isTemporary(name)) await Deno.remove(join(path, name));
  } catch (error) {
    throw asRunError(`Cannot clean up ${path}`, error);
  }
}

async function listNames(path: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(path), ({ name }) => name)).sort();
  } catch (error) {
    throw asRunError(`Cannot list ${path}`, error);
  }
}

function checkName(name: string): string {
  if (name === "" || name === "." || name === ".." || basename(name) !== name) {
    throw new RangeError(`Cannot write ${name} into a run: expected the name of a file`);
  }
  return name;
}
