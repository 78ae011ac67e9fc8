import { join } from "node:path";
import {
  ANYTHING,
  asRunError,
  checkShape,
  MOST_BYTES,
  oneOf,
  optional,
  readJson,
  record,
  RunError,
  TEXT,
} from "../run/mod.ts";
import type { Job, JobFailure, JobState, QueueOptions } from "./queue.ts";

/** What happened to a job. */
export type JobEntry =
  & { /** Tells entries of the same content apart. */ readonly nonce: string }
  & (
    | { readonly type: "enqueue"; readonly job: Job }
    | { readonly type: "claim"; readonly worker: string }
    | { readonly type: "fail"; readonly failure: JobFailure }
    | { readonly type: "finish"; readonly outcome: unknown }
    | { readonly type: "give back" | "cancel" | "retry" }
  );

/** An entry that is to be written. */
export type NewEntry = JobEntry extends infer Entry ? Entry extends JobEntry ? Omit<Entry, "nonce"> : never : never;

const SHAPES = {
  enqueue: record({ job: record({ id: TEXT, kind: TEXT, payload: ANYTHING }) }),
  claim: record({ worker: TEXT }),
  fail: record({ failure: record({ message: TEXT, log: TEXT }) }),
  finish: record({ outcome: optional(ANYTHING) }),
  "give back": ANYTHING,
  cancel: ANYTHING,
  retry: ANYTHING,
} as const;

/**
 * All that happened to a job, one numbered file an entry, in a folder that many machines share.
 *
 * An entry is written by giving a finished file its number as a second name, which fails if the number is taken. That is one step on
 * every file system, NFS among them (open(2) of Linux advises it). Whoever decides has read all entries before, so that of two
 * decisions one is refused and looks again. Entries never change: those that were read are kept.
 */
export class JobLog {
  readonly #folder: string;
  readonly #entries: JobEntry[] = [];

  /** @param folder The job's folder; there need be none. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads what was added since; returns all. */
  async read(): Promise<readonly JobEntry[]> {
    while (true) {
      const at = this.#entries.length;
      const path = this.#pathOf(at);
      const value = await readJson(path, MOST_BYTES.json);
      // Another worker of this process may have read it meanwhile.
      if (this.#entries.length > at) continue;
      if (value === undefined) return this.#entries;
      checkShape(value, record({ nonce: TEXT, type: oneOf(...Object.keys(SHAPES)) }), path);
      const entry = value as JobEntry;
      checkShape(value, SHAPES[entry.type], path);
      this.#entries.push(entry);
    }
  }

  /** What was read so far. */
  get known(): readonly JobEntry[] {
    return this.#entries;
  }

  /**
   * Adds an entry after those that it was decided upon.
   *
   * @param entry The entry.
   * @param at How many there were then.
   * @returns Whether it is there now; false if another one has its number.
   * @throws {RunError} If it cannot be written.
   */
  async append(entry: NewEntry, at: number): Promise<boolean> {
    if (this.#entries.length > at) return false;
    const nonce = crypto.randomUUID();
    const path = this.#pathOf(at);
    const temporary = join(this.#folder, `.${nonce}.tmp`);
    try {
      await Deno.mkdir(this.#folder, { recursive: true });
      await writeSynced(temporary, `${JSON.stringify({ ...entry, nonce })}\n`);
      await Deno.link(temporary, path);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw asRunError(`Cannot write ${path}`, error);
    } finally {
      await Deno.remove(temporary).catch(() => {});
    }
    // A server of NFS may have done what it says it has not: whose entry it is tells its content alone.
    const entries = await this.read();
    if (entries[at] === undefined) throw new RunError(`Cannot write ${path}: it was not found afterwards`);
    return entries[at].nonce === nonce;
  }

  /** Adds a beat of the claim that an entry made, to show that its worker lives: the file grows by a byte. */
  async beat(entry: number): Promise<void> {
    const path = join(this.#folder, `${entry}.beat`);
    try {
      await Deno.writeFile(path, new Uint8Array([46]), { append: true });
    } catch (error) {
      throw asRunError(`Cannot write ${path}`, error);
    }
  }

  /** Counts the beats of the claim that an entry made. */
  async beats(entry: number): Promise<number> {
    try {
      return (await Deno.stat(join(this.#folder, `${entry}.beat`))).size;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return 0;
      throw asRunError(`Cannot read ${join(this.#folder, `${entry}.beat`)}`, error);
    }
  }

  /** Path of what the worker of a claim told last. */
  progressPath(entry: number): string {
    return join(this.#folder, `${entry}.progress`);
  }

  #pathOf(number: number): string {
    return join(this.#folder, `${number}.json`);
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length;) start += await file.write(bytes.subarray(start));
  await file.sync();
}

/** What all entries of a job come to. */
export interface JobSummary {
  /** The job. */
  readonly job: Job;
  /** How many entries it sums up. */
  readonly length: number;
  /** How far it is. */
  readonly state: JobState;
  /** Claims. */
  readonly attempts: number;
  /** Number of the entry of the last claim; -1 without one. */
  readonly claimedBy: number;
  /** The last claim's worker. */
  readonly worker?: string | undefined;
  /** What it came to. */
  readonly outcome?: unknown;
  /** The last failure. */
  readonly failure?: JobFailure | undefined;
}

/**
 * Sums up what happened to a job.
 *
 * @param entries All entries.
 * @param limits How many failures and lost workers set it aside.
 * @returns Where it stands; undefined if it was never enqueued.
 */
export function summariseJob(
  entries: readonly JobEntry[],
  { mostFailures, mostLosses }: Pick<QueueOptions, "mostFailures" | "mostLosses">,
): JobSummary | undefined {
  const [first, ...rest] = entries;
  if (first?.type !== "enqueue") return undefined;
  let [state, attempts, claimedBy, failures, losses]: [JobState, ...number[]] = ["waiting", 0, -1, 0, 0];
  let [worker, outcome, failure]: [string?, unknown?, JobFailure?] = [];
  for (const [i, entry] of rest.entries()) {
    if (entry.type === "claim") {
      if (state === "running") losses++;
      [state, attempts, claimedBy, worker] = ["running", attempts! + 1, i + 1, entry.worker];
      if (losses! > mostLosses) [state, failure] = ["failed", { message: `lost ${losses} workers`, log: "" }];
    } else if (entry.type === "fail") {
      failures++;
      [state, failure] = [failures! >= mostFailures ? "failed" : "waiting", entry.failure];
    } else if (entry.type === "finish") [state, outcome] = ["finished", entry.outcome];
    else if (entry.type === "cancel") state = "cancelled";
    else {
      state = "waiting";
      if (entry.type === "retry") [failures, losses, failure] = [0, 0, undefined];
    }
  }
  return {
    job: first.job,
    length: entries.length,
    state,
    attempts: attempts!,
    claimedBy: claimedBy!,
    worker,
    outcome,
    failure,
  };
}
