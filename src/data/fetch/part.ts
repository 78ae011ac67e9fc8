import { dirname } from "node:path";
import { DataError, explainFailure } from "../errors.ts";

/** A file that is being made. */
export interface Part extends Disposable {
  /** Its path. */
  readonly path: string;
  /** Bytes that it has. */
  size(): Promise<number>;
  /** Adds bytes at its end. */
  append(bytes: Uint8Array): Promise<void>;
  /** Takes all bytes away; returns 0. */
  empty(): Promise<number>;
  /** Makes it durable and gives it its final path; nothing can be added then. */
  moveTo(path: string): Promise<void>;
}

/**
 * Opens a file that is being made, for this process alone; what an earlier one left is kept.
 *
 * @param path The file; its folder exists.
 * @returns The file, to be disposed of; it stays there if it was not moved.
 * @throws {DataError} If it cannot be opened, is a link or no file, or another process works on it.
 */
export async function openPart(path: string): Promise<Part> {
  await refuseOther(path);
  const file = await Deno.open(path, { read: true, append: true, create: true }).catch((error) => {
    throw explainFailure("write", path, error);
  });
  if (!await file.tryLock(true)) {
    file.close();
    throw new DataError(`Cannot write ${path}: another process is fetching it, wait for it`);
  }
  return {
    path,
    size: async () => (await file.stat()).size,
    append: (bytes) => appendAll(file, bytes).catch((error) => Promise.reject(explainFailure("write", path, error))),
    empty: async () => {
      await file.truncate(0);
      return 0;
    },
    moveTo: async (final) => {
      await file.sync();
      await Deno.rename(path, final);
      await syncFolder(dirname(final));
    },
    [Symbol.dispose]: () => file.close(),
  };
}

/** A link would write to whatever file it points at. */
async function refuseOther(path: string): Promise<void> {
  const found = await Deno.lstat(path).catch(() => undefined);
  if (found === undefined || found.isFile) return;
  throw new DataError(`Cannot write ${path}: it is no regular file, remove it`);
}

async function appendAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length;) start += await file.write(bytes.subarray(start));
}

/** Makes a rename durable. Where folders cannot be opened (Windows) the system sees to it. */
async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}
