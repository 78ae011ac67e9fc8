import { RunError } from "../run/mod.ts";
import { FolderQueue } from "./folder_queue.ts";
import { DEFAULT_QUEUE, type Queue, type QueueOptions } from "./queue.ts";

/**
 * Opens a queue.
 *
 * @param url `folder:DIR`.
 * @param options How workers are treated; the defaults where left out. All processes of a queue must agree.
 * @returns The queue, to be closed.
 * @throws {RunError} If the address is none: shown without its password.
 */
export function openQueue(url: string, options: Partial<QueueOptions> = {}): Promise<Queue> {
  const complete = { ...DEFAULT_QUEUE, ...options };
  if (/^folder:./.test(url)) return Promise.resolve(new FolderQueue(url.slice("folder:".length), complete));
  throw new RunError(`Cannot open queue ${withoutPassword(url)}: expected folder:DIR`);
}

/** An address as it may be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^:@/]*):[^@]*@/, "$1:…@");
}
