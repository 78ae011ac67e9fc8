/** Work that one process does from beginning to end: plain JSON data. */
export interface Job {
  /** Its name, by which equal jobs are one: letters, digits, `-` and `_`, such as a hash of all that its outcome depends on. */
  readonly id: string;
  /** Who does it: a worker passes over kinds that it does not know. */
  readonly kind: string;
  /** What is to be done. */
  readonly payload: unknown;
}

/** How far a job is. `failed`: set aside after its last failure. */
export type JobState = "waiting" | "running" | "finished" | "failed" | "cancelled";

/** Whether a job goes no further. */
export function isEnded(state: JobState): boolean {
  return state === "finished" || state === "failed" || state === "cancelled";
}

/** Why a job failed. */
export interface JobFailure {
  /** In one line. */
  readonly message: string;
  /** The end of what was said meanwhile; may be empty. */
  readonly log: string;
}

/** A job as everybody sees it. */
export interface JobStatus {
  /** The job. */
  readonly job: Job;
  /** How far it is. */
  readonly state: JobState;
  /** How often it was claimed. */
  readonly attempts: number;
  /** Who works on it, or did last. */
  readonly worker?: string | undefined;
  /** What {@linkcode Claim.progress} was last told; absent before. */
  readonly progress?: unknown;
  /** What it came to, if it is finished. */
  readonly outcome?: unknown;
  /** The last failure, if there was one. */
  readonly failure?: JobFailure | undefined;
}

/**
 * A job that this process alone may do, as long as it renews its lease.
 *
 * All methods but `progress` tell whether the claim still held: after `false` the job is somebody else's or cancelled, nothing was
 * changed, and the work is to be dropped. An error means that the queue could not be reached: the call may be made again.
 */
export interface Claim {
  /** The job. */
  readonly job: Job;
  /** Number of this attempt, from 1: no two claims of a job have the same. */
  readonly attempt: number;
  /** Renews the lease: to be called several times within it. */
  renew(): Promise<boolean>;
  /** Tells how far it is; plain JSON data, a few kilobytes at most. */
  progress(value: unknown): Promise<void>;
  /** Ends the job. Of all claims of a job at most one is told `true`. */
  finish(outcome: unknown): Promise<boolean>;
  /** Tells that it failed: it is tried again, or set aside after too many failures. */
  fail(failure: JobFailure): Promise<boolean>;
  /** Gives it back, for another attempt; counts as no failure. */
  giveBack(): Promise<boolean>;
}

/** Jobs that any number of processes on any number of machines share. */
export interface Queue {
  /** Where it is, without passwords. */
  readonly url: string;
  /** Adds jobs; those whose id is known already are left as they are, whatever their state. Returns how many are new. */
  enqueue(jobs: readonly Job[]): Promise<number>;
  /** Claims a job that waits, or whose worker has not renewed its lease; undefined if there is none now. Never waits for one. */
  claim(worker: string): Promise<Claim | undefined>;
  /** Tells of some jobs, in their order, without those that are unknown; of all if left out. */
  list(ids?: readonly string[]): Promise<JobStatus[]>;
  /** Takes jobs back that wait or run; their workers are told when they renew. Returns how many. */
  cancel(ids: readonly string[]): Promise<number>;
  /** Lets failed and cancelled jobs wait again, with no failures. Returns how many. */
  retry(ids: readonly string[]): Promise<number>;
  /** Ends the connection. */
  close(): Promise<void>;
}

/** How a queue treats its workers. */
export interface QueueOptions {
  /** Seconds after which a job whose lease was not renewed is given to another worker. */
  readonly leaseSeconds: number;
  /** Failures after which a job is set aside. */
  readonly mostFailures: number;
  /** How often workers may vanish from a job before it is set aside: one that takes its machine down must end some time. */
  readonly mostLosses: number;
}

/** What a queue does unless told otherwise. */
export const DEFAULT_QUEUE: QueueOptions = { leaseSeconds: 60, mostFailures: 3, mostLosses: 50 };

/** Whether a text may be the id of a job: a part of a path on any system, and of a key. */
export function isJobId(id: string): boolean {
  return /^[a-z][a-z0-9_-]{0,99}$/.test(id);
}

/**
 * Checks the id of a job that is to be enqueued.
 *
 * @throws {RangeError} If it may be none.
 */
export function checkJobId(id: string): void {
  if (!isJobId(id)) throw new RangeError(`Cannot enqueue ${id}: expected an id of letters, digits, - and _`);
}
