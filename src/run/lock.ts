import { openInPlace } from "./regular_file.ts";
import { asRunError, RunError } from "./run_error.ts";

/**
 * A file that keeps a second process from working in the same folder.
 *
 * The operating system holds the lock and drops it when its process ends, however it ends: a file that a killed process
 * left behind is simply taken over. The process number in it is there for the error message.
 */
export class Lock {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  #isHeld = true;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Takes the lock, without waiting.
   *
   * @param path Lock file; made if there is none.
   * @returns The lock, to be released.
   * @throws {RunError} If another process holds it, which the message names, or the file cannot be written.
   */
  static async take(path: string): Promise<Lock> {
    try {
      while (true) {
        const file = await openInPlace(path);
        try {
          if (!await file.tryLock(true)) throw new RunError(`${path} is held by ${await readHolder(file)}`);
          // The holder before may have removed the file between opening and locking it: then this lock locks nothing.
          if (await isSameFile(path, file)) {
            await file.truncate();
            await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
            return new Lock(path, file);
          }
          file.close();
        } catch (error) {
          file.close();
          throw error;
        }
      }
    } catch (error) {
      throw asRunError(`Cannot lock ${path}`, error);
    }
  }

  /**
   * Whether a process holds a lock at this moment. A process that takes the lock in the same instant may be refused.
   *
   * @param path Lock file.
   * @returns Whether it is there and held; what is no regular file is held by nobody.
   * @throws {RunError} If it cannot be read.
   */
  static async isHeld(path: string): Promise<boolean> {
    try {
      if (!(await Deno.lstat(path)).isFile) return false;
      using file = await Deno.open(path, { read: true });
      return !await file.tryLock(false);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw asRunError(`Cannot read ${path}`, error);
    }
  }

  /** Releases the lock and removes its file. A second call does nothing. */
  async release(): Promise<void> {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    // Windows removes no file that is open; there the order is the other way round.
    if (Deno.build.os === "windows") this.#file.close();
    await Deno.remove(this.#path).catch(() => {});
    if (Deno.build.os !== "windows") this.#file.close();
  }
}

async function readHolder(file: Deno.FsFile): Promise<string> {
  const start = new Uint8Array(16);
  const length = await file.read(start).catch(() => null) ?? 0;
  const holder = new TextDecoder().decode(start.subarray(0, length)).trim();
  return /^\d+$/.test(holder) ? `process ${holder}` : "another process";
}

async function isSameFile(path: string, file: Deno.FsFile): Promise<boolean> {
  const opened = await file.stat();
  try {
    const found = await Deno.lstat(path);
    return found.ino === opened.ino && found.dev === opened.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
