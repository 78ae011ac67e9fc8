import { requireReach, RunError } from "../run/mod.ts";
import { FolderQueue } from "./folder_queue.ts";
import { DEFAULT_QUEUE, type Queue, type QueueOptions } from "./queue.ts";
import { namesServer, parseServerAddress, reachOf, withoutPassword } from "./server_address.ts";

/** Tasks that may reach a queue's server. */
const QUEUE_TASKS =
  "deno task sweep:net, worker:net, compare:net or pretrain:net, with $ROOTSTOCK_QUEUE (docs/scale.md)";

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
  await requireReach(reachOf(parseServerAddress(url)), QUEUE_TASKS);
  // Whoever needs no server loads no client of one; it reads variables at once that other tasks may not.
  const { openServerQueue } = await import("./server_queue.ts");
  return await openServerQueue(url, complete);
}

/**
 * Shows the jobs of a server's queue to browsers of this machine, until it is closed.
 *
 * @param url Address of the queue.
 * @param options `port`: where it listens; any that is free if 0.
 * @returns Address of the page.
 * @throws {RunError} If no server keeps the queue, or it cannot be reached.
 */
export async function openBoard(url: string, { port }: { port: number }): Promise<AsyncDisposable & { url: string }> {
  if (!namesServer(url)) {
    throw new RunError(`Cannot show queue ${withoutPassword(url)}: expected redis://HOST or postgres://HOST`);
  }
  await requireReach(reachOf(parseServerAddress(url)), "deno task board, with $ROOTSTOCK_QUEUE (docs/scale.md)");
  const { serveBoard } = await import("./board.ts");
  return await serveBoard(url, { port });
}
