import { join } from "node:path";
import { asRunError, MOST_BYTES, readJson, RunError, writeJson } from "../run/mod.ts";
import { JobLog, type JobSummary, type NewEntry, summariseJob } from "./job_log.ts";
import {
  checkJobId,
  type Claim,
  isJobId,
  type Job,
  type JobFailure,
  type JobStatus,
  type Queue,
  type QueueOptions,
} from "./queue.ts";

/** When a running job was first seen with so many beats, by this machine's own clock. */
interface Watch {
  readonly claimedBy: number;
  readonly beats: number;
  readonly since: number;
}

/**
 * A queue in a folder that its workers share, such as one on NFS: no server.
 *
 * Each job is a folder with what happened to it, see {@linkcode JobLog}. Nothing is replaced or renamed, and no two machines' clocks
 * are compared: a worker is lost if its claim did not beat for the length of a lease on the clock of the one who looks.
 */
export class FolderQueue implements Queue {
  readonly url: string;
  readonly #folder: string;
  readonly #options: QueueOptions;
  readonly #logs = new Map<string, JobLog>();
  readonly #watches = new Map<string, Watch>();

  /**
   * @param folder The folder; made when something is enqueued.
   * @param options How workers are treated.
   */
  constructor(folder: string, options: QueueOptions) {
    this.url = `folder:${folder}`;
    this.#folder = join(folder, "jobs");
    this.#options = options;
  }

  async enqueue(jobs: readonly Job[]): Promise<number> {
    let added = 0;
    for (const job of jobs) {
      checkJobId(job.id);
      const log = this.#logOf(job.id);
      if ((await log.read()).length === 0 && await log.append({ type: "enqueue", job }, 0)) added++;
    }
    return added;
  }

  async claim(worker: string): Promise<Claim | undefined> {
    const ids = await this.#ids();
    // Workers begin at different places, so that few want the same job.
    const start = Math.floor(Math.random() * ids.length);
    for (let i = 0; i < ids.length; i++) {
      const id = ids[(start + i) % ids.length]!;
      const log = this.#logOf(id);
      // What is finished stays so.
      if (log.known.at(-1)?.type === "finish") continue;
      const summary = await this.#readable(id);
      if (summary === undefined || !await this.#mayClaim(id, summary)) continue;
      if (await log.append({ type: "claim", worker }, summary.length)) return this.#claimOf(log, summary);
    }
    return undefined;
  }

  async list(ids?: readonly string[]): Promise<JobStatus[]> {
    const found: JobStatus[] = [];
    for (const id of ids ?? await this.#ids()) {
      const summary = await this.#summary(id);
      if (summary === undefined) continue;
      const { claimedBy, length: _, ...status } = summary;
      const progress = claimedBy < 0 || status.state === "finished"
        ? undefined
        : await readJson(this.#logOf(id).progressPath(claimedBy), MOST_BYTES.settings);
      found.push({ ...status, progress });
    }
    return found;
  }

  async cancel(ids: readonly string[]): Promise<number> {
    return await this.#decide(ids, { type: "cancel" }, ["waiting", "running"]);
  }

  async retry(ids: readonly string[]): Promise<number> {
    return await this.#decide(ids, { type: "retry" }, ["failed", "cancelled"]);
  }

  async close(): Promise<void> {}

  /** Adds an entry to those jobs that are in one of some states; again where somebody else added one meanwhile. */
  async #decide(ids: readonly string[], entry: NewEntry, states: readonly string[]): Promise<number> {
    let changed = 0;
    for (const id of ids) {
      for (let summary; (summary = await this.#summary(id)) !== undefined && states.includes(summary.state);) {
        if (!await this.#logOf(id).append(entry, summary.length)) continue;
        changed++;
        break;
      }
    }
    return changed;
  }

  /** Whether a job waits, or its worker is lost as far as this process has seen. */
  async #mayClaim(id: string, { state, claimedBy }: JobSummary): Promise<boolean> {
    if (state !== "running") {
      this.#watches.delete(id);
      return state === "waiting";
    }
    const beats = await this.#logOf(id).beats(claimedBy);
    const watch = this.#watches.get(id);
    const now = performance.now();
    if (watch?.claimedBy === claimedBy && watch.beats === beats) {
      return now - watch.since > 1000 * this.#options.leaseSeconds;
    }
    this.#watches.set(id, { claimedBy, beats, since: now });
    return false;
  }

  #claimOf(log: JobLog, { job, attempts, length: entry }: JobSummary): Claim {
    // Whether anything came after the claim: the job is no longer this one's then.
    const isHeld = async () => (await log.read()).length === entry + 1;
    const end = async (next: NewEntry) => await isHeld() && await log.append(next, entry + 1);
    return {
      job,
      attempt: attempts + 1,
      renew: async () => {
        const held = await isHeld();
        if (held) await log.beat(entry);
        return held;
      },
      progress: (value: unknown) => writeJson(log.progressPath(entry), value),
      finish: (outcome: unknown) => end({ type: "finish", outcome }),
      fail: (failure: JobFailure) => end({ type: "fail", failure }),
      giveBack: () => end({ type: "give back" }),
    };
  }

  async #summary(id: string): Promise<JobSummary | undefined> {
    return summariseJob(await this.#logOf(id).read(), this.#options);
  }

  /** As #summary; a damaged job keeps nobody from the others. */
  async #readable(id: string): Promise<JobSummary | undefined> {
    try {
      return await this.#summary(id);
    } catch (error) {
      if (error instanceof RunError) return undefined;
      throw error;
    }
  }

  #logOf(id: string): JobLog {
    const log = this.#logs.get(id) ?? new JobLog(join(this.#folder, id));
    this.#logs.set(id, log);
    return log;
  }

  async #ids(): Promise<string[]> {
    try {
      const names = await Array.fromAsync(Deno.readDir(this.#folder), ({ name }) => name);
      return names.filter(isJobId).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw asRunError(`Cannot list ${this.#folder}`, error);
    }
  }
}
