/**
 * Prints the host and port of the server that `$ROOTSTOCK_QUEUE` names: all of the network that a task with a queue may reach.
 *
 * @module
 */
import { namesServer, parseServerAddress, reachOf } from "../src/queue/server_address.ts";

/**
 * Takes the host and port from an address of a queue.
 *
 * @param url The address.
 * @returns Both, as `--allow-net` has them.
 * @throws If it names no server.
 */
export function queueHost(url: string): string {
  if (!namesServer(url)) {
    throw new Error(
      "Cannot reach a queue: ROOTSTOCK_QUEUE names no server, expected redis://…, rediss://… or postgres://…; a folder needs no :net",
    );
  }
  return reachOf(parseServerAddress(url));
}

if (import.meta.main) {
  try {
    console.log(queueHost(Deno.env.get("ROOTSTOCK_QUEUE") ?? ""));
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(2);
  }
}
