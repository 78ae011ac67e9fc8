import { RunError } from "../run/mod.ts";

/** How long a store is asked until it answers. */
export interface Patience {
  /** Seconds of trying again; 0: it is asked once. */
  readonly seconds?: number | undefined;
  /** Ends all trying. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Objects by their names, in a place that any number of machines reach. An object is there as a whole or not at all; names are parts of
 * paths, such as `trials/t1.tar`.
 */
export interface ResultStore {
  /** Where it is, as it may be shown and kept: without keys. */
  readonly url: string;
  /** Where an object of it is, for messages. */
  at(name: string): string;
  /** Whether there is an object. */
  has(name: string, patience?: Patience): Promise<boolean>;
  /** The content of an object; undefined if there is none. */
  get(name: string, patience?: Patience): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Makes an object, or replaces it. */
  put(name: string, bytes: Uint8Array, patience?: Patience): Promise<void>;
  /** Makes an object if there is none of its name. Returns whether it is the one that is there now; not if another one was first. */
  putFirst(name: string, bytes: Uint8Array, patience?: Patience): Promise<boolean>;
  /** Removes an object, if there is one. */
  remove(name: string, patience?: Patience): Promise<void>;
  /** Ends its connections. */
  close(): void;
}

/** A store that cannot be reached, refuses a key, or fails: no fault of what is kept there. One line. */
export class StoreTrouble extends RunError {}

/** An object that is none of a run's, or is damaged. One line. */
export class DamagedObject extends RunError {}
