import { openQueue, type Queue } from "../queue/mod.ts";
import { checkStore, openStore, parseStoreAddress, type ResultStore, StoreAddressError } from "../store/mod.ts";
import { variableOf } from "./environment.ts";
import type { Flag, Values } from "./flag.ts";
import { UsageError } from "./flags.ts";

/** Flag of the queue's address. */
export const QUEUE_FLAG = {
  kind: "text",
  value: "URL",
  help: "queue of the trials: folder:DIR, redis://… or postgres://… (docs/scale.md); $ROOTSTOCK_QUEUE names one, too",
} as const satisfies Flag;

/** Flag of the store's address. */
export const STORE_FLAG = {
  kind: "text",
  value: "URL",
  help:
    "bucket of the results, s3://BUCKET/PREFIX (docs/scale.md), so that machines share no folder; $ROOTSTOCK_STORE names one, too",
  default: "none: --out is shared",
} as const satisfies Flag;

/** Whether the command line or the environment names a place that machines share. */
export function namesPlace(values: Values): boolean {
  return queueGiven(values) !== undefined || storeNamed(values) !== undefined;
}

/**
 * Address of the queue that is named on the command line, in the environment, or by the study.
 *
 * @param values Values of flags.
 * @param kept What the study says.
 * @returns The address.
 * @throws {UsageError} If none is named.
 */
export function queueNamed(values: Values, { queue }: KeptPlaces = {}): string {
  const url = queueGiven(values) ?? queue;
  if (url === undefined) {
    throw new UsageError("--queue is missing: expected folder:DIR, redis://HOST or postgres://HOST");
  }
  return url;
}

/** Address of the queue that is named on the command line or in the environment; undefined if none is. */
export function queueGiven(values: Values): string | undefined {
  return values.queue?.toString() || variableOf("ROOTSTOCK_QUEUE");
}

/** A store of a study is known without the environment, which may name that of the next one. */
function storeNamed(values: Values, kept?: string): string | undefined {
  return values.store?.toString() || kept || variableOf("ROOTSTOCK_STORE");
}

/** Where a study that was begun has its trials. */
export interface KeptPlaces {
  /** Its queue, without a password. */
  readonly queue?: string | undefined;
  /** Its store. */
  readonly store?: string | undefined;
}

/**
 * Opens the queue that is named on the command line, in the environment, or by the study.
 *
 * @param values Values of flags.
 * @param kept What the study says.
 * @returns The queue, to be closed.
 * @throws {UsageError} If none is named.
 * @throws {RunError} If it cannot be reached.
 */
export async function openNamedQueue(
  values: Values,
  kept: KeptPlaces = {},
): Promise<{ queue: Queue; leaseSeconds: number }> {
  const leaseSeconds = Number(values.lease ?? 60);
  const mostFailures = Number(values.failures ?? 3);
  return { queue: await openQueue(queueNamed(values, kept), { leaseSeconds, mostFailures }), leaseSeconds };
}

/**
 * Opens the store that is named on the command line, by the study, or in the environment, if one is.
 *
 * @param values Values of flags.
 * @param kept What the study says.
 * @returns The store, to be closed; undefined if results are in a folder.
 * @throws {UsageError} If its address is none.
 * @throws {RunError} If there is no key, or this process may not reach it.
 */
export async function openNamedStore(values: Values, { store }: KeptPlaces = {}): Promise<ResultStore | undefined> {
  const url = storeNamed(values, store);
  if (url === undefined) return undefined;
  return await openStore(readStoreAddress(url), variableOf);
}

/**
 * Reads the address of a store.
 *
 * @param url As somebody gave it.
 * @returns The whole address, which holds no key.
 * @throws {UsageError} If it is none.
 */
export function readStoreAddress(url: string): string {
  try {
    return parseStoreAddress(url, variableOf).url;
  } catch (error) {
    if (error instanceof StoreAddressError) throw new UsageError(error.message);
    throw error;
  }
}

/** What the machines of a study share. */
export interface SharedPlaces extends AsyncDisposable {
  /** Its queue. */
  readonly queue: Queue;
  /** Seconds of its leases. */
  readonly leaseSeconds: number;
  /** Where results go, if they share no folder. */
  readonly store: ResultStore | undefined;
}

/**
 * Opens queue and store of whatever runs trials. That the store takes what is written is tried first.
 *
 * @param values Values of flags.
 * @param kept What the study says.
 * @returns Both, to be disposed of.
 * @throws As {@linkcode openNamedQueue} and {@linkcode openNamedStore}; {StoreTrouble} if the store refuses.
 */
export async function openPlaces(values: Values, kept: KeptPlaces = {}): Promise<SharedPlaces> {
  const store = await openNamedStore(values, kept);
  try {
    if (store !== undefined) await checkStore(store);
    const { queue, leaseSeconds } = await openNamedQueue(values, kept);
    return {
      queue,
      leaseSeconds,
      store,
      async [Symbol.asyncDispose]() {
        store?.close();
        await queue.close();
      },
    };
  } catch (error) {
    store?.close();
    throw error;
  }
}
