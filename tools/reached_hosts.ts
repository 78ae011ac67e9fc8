/**
 * Prints hosts and ports of the servers that `$ROOTSTOCK_QUEUE` and `$ROOTSTOCK_STORE` name: all of the network that a task with a queue
 * may reach.
 *
 * @module
 */
import { variableOf } from "../src/cli/environment.ts";
import { namesServer, parseServerAddress, reachOf } from "../src/queue/server_address.ts";
import { type Environment, parseStoreAddress, reachOfStore } from "../src/store/store_address.ts";

/**
 * Takes hosts and ports from the addresses of a queue and a store.
 *
 * @param environment Has both, and what completes the store's.
 * @returns Those of the servers, as `--allow-net` has them.
 * @throws If neither names one.
 */
export function reachedHosts(environment: Environment): string {
  const [queue, store] = ["ROOTSTOCK_QUEUE", "ROOTSTOCK_STORE"].map((name) => environment(name));
  const hosts: string[] = [];
  if (queue !== undefined && namesServer(queue)) hosts.push(reachOf(parseServerAddress(queue)));
  if (store !== undefined) hosts.push(reachOfStore(parseStoreAddress(store, environment)));
  if (hosts.length > 0) return hosts.join();
  throw new Error(
    "Cannot reach a queue: ROOTSTOCK_QUEUE names no server, expected redis://…, rediss://… or postgres://…, or ROOTSTOCK_STORE a bucket; a folder needs no :net",
  );
}

if (import.meta.main) {
  try {
    console.log(reachedHosts(variableOf));
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(2);
  }
}
