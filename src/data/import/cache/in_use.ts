import { join } from "node:path";
import { CONTENT_FILES } from "./content.ts";

/** Open files that say to other processes that this one uses a content; the system drops them when it ends, however. */
const held = new Map<string, Deno.FsFile>();

/**
 * Keeps a content from being removed while this process lives.
 *
 * @param folder Folder of the content; nothing happens if there is none.
 */
export function useContent(folder: string): void {
  if (held.has(folder)) return;
  try {
    const file = Deno.openSync(join(folder, CONTENT_FILES.header));
    // Shared: any number of processes may use it.
    if (file.tryLockSync(false)) held.set(folder, file);
    else file.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Whether any process uses a content. */
export function isInUse(folder: string): boolean {
  try {
    using file = Deno.openSync(join(folder, CONTENT_FILES.header));
    return !file.tryLockSync(true);
  } catch {
    return false;
  }
}

/** Lets go of all contents that this process uses; what of them is open stays readable. */
export function releaseContents(): void {
  for (const file of held.values()) file.close();
  held.clear();
}
