import { asRunError, requireReach, RunError } from "../run/mod.ts";
import { type ResultStore, StoreTrouble } from "./result_store.ts";
import type { StoreKeys } from "./s3_store.ts";
import { type Environment, parseStoreAddress, reachOfStore } from "./store_address.ts";

/** Variables that hold the key, as Amazon's tools have them. */
export const KEY_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const;

/** Tasks that may reach a store. */
const TASKS = "deno task sweep:net, worker:net or compare:net, with $ROOTSTOCK_STORE (docs/scale.md)";

/**
 * Opens a store of results.
 *
 * @param url Its address, see {@linkcode parseStoreAddress}.
 * @param environment Has the key, and what the address leaves out.
 * @returns The store, to be closed. Nothing was asked yet.
 * @throws {StoreAddressError} If the address is none.
 * @throws {RunError} If there is no key, or this process may not reach it.
 */
export async function openStore(url: string, environment: Environment): Promise<ResultStore> {
  const address = parseStoreAddress(url, environment);
  await requireReach(reachOfStore(address), TASKS);
  try {
    const ca = address.ca === undefined ? undefined : await Deno.readTextFile(address.ca);
    // Whoever needs no store loads no client of one.
    const { S3Store } = await import("./s3_store.ts");
    return new S3Store(address, keysOf(environment), { ca });
  } catch (error) {
    throw asRunError(`Cannot open store s3://${address.bucket}`, error);
  }
}

function keysOf(environment: Environment): StoreKeys {
  const [accessKeyId, secretAccessKey, sessionToken] = KEY_VARIABLES.map((name) => environment(name) || undefined);
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new RunError(
      "Cannot open store: AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set, expected both in the environment",
    );
  }
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** Seconds that a store may take to answer at the start. */
const START_SECONDS = 10;
/** An object that says whose the others are, and one that there never is. */
const [MARK, NOTHING] = ["store.json", "nothing"];

/**
 * Checks that a store can be written, read and asked for what it has not: whoever may not learns it at the start.
 *
 * @param store The store.
 * @throws {StoreTrouble} If it cannot be used: one line.
 */
export async function checkStore(store: ResultStore): Promise<void> {
  const patience = { seconds: START_SECONDS };
  await store.put(MARK, new TextEncoder().encode(`{ "format": "rootstock-store-1" }\n`), patience);
  if (await store.get(NOTHING, patience) === undefined) return;
  throw new StoreTrouble(
    `Cannot use ${store.at(NOTHING)}: the server has what nobody has put there, expected one of S3`,
  );
}
