import { join } from "node:path";
import { namesIn, removeQuietly } from "./cache_folder.ts";

/** A draft as young as that may not have its lock yet. */
const graceMilliseconds = 60_000;
const lockName = "lock";

/** A folder in which a content is made, until it is moved to its place. Its maker holds a lock in it while it lives. */
export class Draft {
  /** The folder. */
  readonly folder: string;
  readonly #lock: Deno.FsFile;

  private constructor(folder: string, lock: Deno.FsFile) {
    this.folder = folder;
    this.#lock = lock;
  }

  /**
   * Makes one.
   *
   * @param drafts The folder of all drafts.
   * @returns The draft.
   */
  static begin(drafts: string): Draft {
    const folder = join(drafts, crypto.randomUUID());
    Deno.mkdirSync(folder);
    const lock = Deno.openSync(join(folder, lockName), { write: true, createNew: true });
    lock.lockSync(true);
    return new Draft(folder, lock);
  }

  /** Removes what processes were making that are no more. */
  static sweep(drafts: string): void {
    for (const name of namesIn(drafts)) if (isAbandoned(join(drafts, name))) removeQuietly(join(drafts, name));
  }

  /**
   * Moves it to its place, unless something is there.
   *
   * @param path The place.
   */
  moveTo(path: string): void {
    removeQuietly(join(this.folder, lockName));
    try {
      Deno.renameSync(this.folder, path);
    } catch (error) {
      // Another process has made the same meanwhile.
      if (namesIn(path).length === 0) throw error;
    }
  }

  /** Removes what was not moved. */
  [Symbol.dispose](): void {
    this.#lock.close();
    removeQuietly(this.folder);
  }
}

function isAbandoned(folder: string): boolean {
  try {
    const { mtime } = Deno.statSync(folder);
    if (Date.now() - (mtime?.getTime() ?? 0) < graceMilliseconds) return false;
    using lock = Deno.openSync(join(folder, lockName));
    return lock.tryLockSync(true);
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}
