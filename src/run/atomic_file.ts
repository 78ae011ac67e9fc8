import { basename, dirname, join } from "node:path";
import { asRunError } from "./run_error.ts";

const TEMPORARY = /^\..+\.[0-9a-f]{12}\.tmp$/;

/**
 * Writes a file so that at any instant its path holds either the old content or the new one, whole.
 *
 * The content goes to a temporary file of the same folder, is flushed to the disk and takes the path's place.
 *
 * @param path The file, replaced if it is there; its folder must exist.
 * @param data Content; text is written as UTF-8.
 * @throws {RunError} If it cannot be written: one line with path and reason. The old file is untouched then.
 */
export async function writeAtomic(path: string, data: Uint8Array | string): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const temporary = join(dirname(path), temporaryName(basename(path)));
  try {
    try {
      await writeSynced(temporary, bytes);
      await Deno.rename(temporary, path);
    } catch (error) {
      await Deno.remove(temporary).catch(() => {});
      throw error;
    }
    await syncFolder(dirname(path));
  } catch (error) {
    throw asRunError(`Cannot write ${path}`, error);
  }
}

function temporaryName(name: string): string {
  return `.${name}.${crypto.getRandomValues(new Uint8Array(6)).toHex()}.tmp`;
}

/** Whether a name is that of a file which {@linkcode writeAtomic} left behind when the process was killed. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  await writeAll(file, bytes);
  await file.sync();
}

/** Writes all bytes; one call may write less. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length;) start += await file.write(bytes.subarray(start));
}

/** Makes a rename durable. Where folders cannot be opened (Windows) the system sees to it. */
async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}
