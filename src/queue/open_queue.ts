import { RunError } from "../run/mod.ts";
import { FolderQueue } from "./folder_queue.ts";
import { DEFAULT_QUEUE, type Queue, type QueueOptions } from "./queue.ts";
import { namesServer, withoutPassword } from "./server_address.ts";

/**
 * Opens a queue.
 *
 * @param url `folder:DIR`, `redis://…`, `rediss://…` or `postgres://…`; see `parseServerAddress`.
 * @param options How workers are treated; the defaults where left out. All processes of a queue must agree.
 * @returns The queue, to be closed.
 * @throws {RunError} If the address is none, or nobody is there: shown without its password.
 */
export async function openQueue(url: string, options: Partial<QueueOptions> = {}): Promise<Queue> {
  const complete = { ...DEFAULT_QUEUE, ...options };
  if (/^folder:./.test(url)) return new FolderQueue(url.slice("folder:".length), complete);
  if (!namesServer(url)) {
    throw new RunError(
      `Cannot open queue ${withoutPassword(url)}: expected folder:DIR, redis://HOST, rediss://HOST or postgres://HOST`,
    );
  }
  // Whoever needs no server loads no client of one.
  const { openServerQueue } = await import("./server_queue.ts");
  return await openServerQueue(url, complete);
}
