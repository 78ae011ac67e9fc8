import { RunError } from "../run/mod.ts";
import {
  checkJobId,
  type Claim,
  type Job,
  type JobFailure,
  type JobState,
  type JobStatus,
  type Queue,
  type QueueOptions,
} from "./queue.ts";
import { connectPostgres } from "./postgres_connection.ts";
import { connectRedis } from "./redis_connection.ts";
import { parseServerAddress, withoutPassword } from "./server_address.ts";
import type { ServerConnection } from "./server_connection.ts";
import {
  type IQueueBackend,
  type Job as ServerJob,
  Queue as JobTable,
  type QueueOptions as TableOptions,
  UnrecoverableError,
  Worker,
} from "bullmq";

/** Name of the queue within the prefix or schema. */
const NAME = "jobs";
/** All states of BullMQ that jobs of this queue have. Where they are read one after the other, a job that moves on is seen once more. */
const STATES = ["waiting", "active", "completed", "failed", "waiting"] as const;
/** Jobs that are asked for at once. */
const MOST_AT_ONCE = 100;

/** What the server keeps of a job beside its id and its kind. */
interface Kept {
  readonly payload: unknown;
  /** Who enqueued it. */
  readonly nonce: string;
  /** Whether it was taken back. */
  readonly isCancelled?: boolean | undefined;
  /** Lost workers that do not count: those before it was retried. */
  readonly forgiven: number;
}

/** What a job came to, and by which claim. */
interface Ended {
  readonly token: string;
  readonly outcome: unknown;
}

/** What a claim told last. */
interface Told {
  readonly attempt: number;
  readonly value: unknown;
}

type Held = ServerJob<Kept, Ended>;
/** BullMQ's view of the queue. */
export type Table = JobTable<Kept, Ended, string, Kept, Ended, string, IQueueBackend, unknown>;
type ServerWorker = Worker<Kept, Ended, string, IQueueBackend, Told, unknown>;

/**
 * Opens a queue that a server of Redis or PostgreSQL keeps.
 *
 * @param url Its address, see {@linkcode parseServerAddress}.
 * @param options How workers are treated.
 * @returns The queue.
 * @throws {RunError} If it cannot be reached.
 */
export async function openServerQueue(url: string, options: QueueOptions): Promise<ServerQueue> {
  const address = parseServerAddress(url);
  const { kind } = address;
  try {
    const server = await (kind === "redis" ? connectRedis(address) : connectPostgres(address));
    return new ServerQueue(withoutPassword(url), server, { ...options, prefix: address.space });
  } catch (error) {
    throw new RunError(`Cannot open queue ${withoutPassword(url)}: ${(error as Error).message}`);
  }
}

/**
 * A queue that a server keeps, by BullMQ. Its leases are by the server's clock alone.
 *
 * BullMQ's own states are what `waiting`, `running`, `finished` and `failed` are here; what is cancelled bears a mark. Its workers are
 * not run: jobs are claimed one at a time, and renewed, by {@linkcode Claim}.
 */
export class ServerQueue implements Queue {
  readonly url: string;
  readonly #server: ServerConnection;
  readonly #options: QueueOptions & { prefix: string };
  readonly #table: Table;
  readonly #workers = new Map<string, ServerWorker>();
  #lastLook = -Infinity;

  /**
   * @param url Where it is, as it may be shown.
   * @param server The connection.
   * @param options How workers are treated; the prefix of keys.
   */
  constructor(url: string, server: ServerConnection, options: QueueOptions & { prefix: string }) {
    this.url = url;
    this.#server = server;
    this.#options = options;
    this.#table = new JobTable(NAME, this.#settings, server.backend);
    this.#table.on("error", () => {});
  }

  async enqueue(jobs: readonly Job[]): Promise<number> {
    jobs.forEach(({ id }) => checkJobId(id));
    const nonce = crypto.randomUUID();
    const attempts = this.#options.mostFailures;
    let added = 0;
    for (let start = 0; start < jobs.length; start += MOST_AT_ONCE) {
      const part = jobs.slice(start, start + MOST_AT_ONCE);
      await this.#table.addBulk(part.map(({ id, kind, payload }) => ({
        name: kind,
        data: { payload, nonce, forgiven: 0 },
        opts: { jobId: id, attempts, stackTraceLimit: 1 },
      })));
      // Jobs that were known are as they were: whose they are tells their content alone.
      const found = await Promise.all(part.map(({ id }) => this.#table.getJob(id)));
      added += found.filter((job) => job?.data.nonce === nonce).length;
    }
    return added;
  }

  async claim(name: string): Promise<Claim | undefined> {
    const worker = this.#workerOf(name);
    await this.#lookForLost(worker);
    const token = `${name} ${crypto.randomUUID()}`;
    for (let job; (job = await worker.getNextJob(token, { block: false }) as Held | undefined) !== undefined;) {
      const losses = lossesOf(job);
      if (!job.data.isCancelled && losses <= this.#options.mostLosses) return this.#claimOf(job, token);
      const reason = job.data.isCancelled ? "cancelled" : `lost ${losses} workers`;
      await isDone(job.moveToFailed(new UnrecoverableError(reason), token));
    }
    return undefined;
  }

  async list(ids?: readonly string[]): Promise<JobStatus[]> {
    const running = new Set(await this.#table.getRanges(["active"], 0, -1));
    const wanted = ids ?? [...new Set(await this.#table.getRanges([...STATES], 0, -1))].sort();
    const found: JobStatus[] = [];
    for (let start = 0; start < wanted.length; start += MOST_AT_ONCE) {
      const part = wanted.slice(start, start + MOST_AT_ONCE);
      const jobs = await Promise.all(part.map((id) => this.#table.getJob(id) as Promise<Held | undefined>));
      found.push(...jobs.flatMap((job) => job === undefined ? [] : [statusOf(job, running.has(job.id!))]));
    }
    return found;
  }

  async cancel(ids: readonly string[]): Promise<number> {
    const marked: string[] = [];
    for (const id of ids) {
      const job = await this.#table.getJob(id) as Held | undefined;
      if (job === undefined || isOver(job)) continue;
      await job.updateData({ ...job.data, isCancelled: true });
      // A job that waits is put aside by whoever claims it.
      if (await job.isActive()) await isDone(job.moveToFailed(new UnrecoverableError("cancelled"), NO_LOCK));
      marked.push(id);
    }
    // What was finished meanwhile is not cancelled.
    return (await this.list(marked)).filter(({ state }) => state === "cancelled").length;
  }

  async retry(ids: readonly string[]): Promise<number> {
    let waiting = 0;
    for (const id of ids) {
      const job = await this.#table.getJob(id) as Held | undefined;
      if (job === undefined || !isOver(job) || job.returnvalue) continue;
      const { payload, nonce } = job.data;
      await job.updateData({ payload, nonce, forgiven: job.stalledCounter });
      if (!job.finishedOn || await isDone(job.retry("failed", { resetAttemptsMade: true }))) waiting++;
    }
    return waiting;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.close(true)));
    await this.#table.close();
    await this.#server.close();
  }

  /** What tools for BullMQ are given. */
  get table(): Table {
    return this.#table;
  }

  get #settings(): TableOptions<unknown> {
    return { connection: this.#server.connection, prefix: this.#options.prefix };
  }

  #workerOf(name: string): ServerWorker {
    const known = this.#workers.get(name);
    if (known !== undefined) return known;
    const milliseconds = 1000 * this.#options.leaseSeconds;
    const settings = {
      ...this.#settings,
      name,
      autorun: false,
      lockDuration: Math.max(1, milliseconds),
      stalledInterval: Math.max(1, Math.ceil(milliseconds / 2)),
      // How many are too many is for the queue to say.
      maxStalledCount: 2 ** 30,
    };
    const worker: ServerWorker = new Worker(NAME, null, settings, this.#server.backend);
    worker.on("error", () => {});
    this.#workers.set(name, worker);
    return worker;
  }

  /** Lets jobs wait again whose workers are lost; the server does it as often as half a lease, whoever asks. */
  async #lookForLost(worker: ServerWorker): Promise<void> {
    const now = performance.now();
    if (now - this.#lastLook < 250 * this.#options.leaseSeconds) return;
    this.#lastLook = now;
    await worker.getBackend().moveStalledJobsToWait();
  }

  #claimOf(job: Held, token: string): Claim {
    const { id, name: kind, data: { payload }, attemptsStarted: attempt } = job;
    const milliseconds = Math.max(1, 1000 * this.#options.leaseSeconds);
    // A job that was taken back or set aside may still have its lock.
    const renew = async () => await job.extendLock(token, milliseconds) === 1 && await job.isActive();
    return {
      job: { id: id!, kind, payload },
      attempt,
      renew,
      progress: (value: unknown) => job.updateProgress({ attempt, value } satisfies Told),
      finish: async (outcome: unknown) =>
        await isDone(job.moveToCompleted({ token, outcome }, token, false)) ||
        // The answer may have been lost, and the question been asked again.
        JSON.stringify((await this.#table.getJob(id!))?.returnvalue) === JSON.stringify({ token, outcome }),
      fail: (failure: JobFailure) => isDone(job.moveToFailed(errorOf(failure), token)),
      giveBack: async () => await renew() && await isDone(job.moveToWait(token)),
    };
  }
}

/** Stands for any worker's lock. */
const NO_LOCK = "0";

function lossesOf({ stalledCounter, data: { forgiven } }: Held): number {
  return stalledCounter - forgiven;
}

/** Whether the server did what it was asked to; not if the job is somebody else's by now, or in another state. */
async function isDone(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code === "number" && code < 0) return false;
    throw error;
  }
}

/** BullMQ keeps message and stack of an error: what was said follows the message, as in any stack. */
function errorOf({ message, log }: JobFailure): Error {
  const error = new Error(message);
  error.stack = `${message}\n${log}`;
  return error;
}

function statusOf(job: Held, isActive: boolean): JobStatus {
  const { id, name: kind, data, attemptsStarted, processedBy, returnvalue, failedReason, stacktrace } = job;
  const state = stateOf(job, isActive);
  const told = job.progress as Told | number;
  const isTold = typeof told === "object" && told.attempt === attemptsStarted && state !== "finished";
  return {
    job: { id: id!, kind, payload: data.payload },
    state,
    attempts: attemptsStarted,
    worker: processedBy,
    progress: isTold ? told.value : undefined,
    outcome: state === "finished" ? returnvalue.outcome : undefined,
    failure: failedReason && !data.isCancelled
      ? { message: failedReason, log: logOf(failedReason, stacktrace?.at(-1)) }
      : undefined,
  };
}

/** Whether a job was finished, set aside or cancelled. */
function isOver({ finishedOn, data: { isCancelled } }: Held): boolean {
  return Boolean(finishedOn || isCancelled);
}

function stateOf({ finishedOn, returnvalue, data: { isCancelled } }: Held, isActive: boolean): JobState {
  if (finishedOn && returnvalue) return "finished";
  if (isCancelled) return "cancelled";
  return finishedOn ? "failed" : isActive ? "running" : "waiting";
}

function logOf(message: string, stack = ""): string {
  return stack?.startsWith(`${message}\n`) ? stack.slice(message.length + 1) : "";
}
