import { insist, type Insistence } from "./insist.ts";
import { isEnded, type Job, type JobStatus } from "./queue.ts";

/** Waits for the ends of any number of jobs, which it asks for all at once. */
export class JobEnds {
  readonly #options: Insistence;
  readonly #awaited = new Map<string, PromiseWithResolvers<JobStatus>>();

  /** @param options The queue; how long it rests between two looks. */
  constructor(options: Insistence) {
    this.#options = options;
  }

  /**
   * Enqueues a job, unless it is known, and waits until it has ended. One that was set aside or cancelled before is tried again.
   *
   * @param job The job; of an id that is not waited for yet.
   * @returns How it ended: finished, failed or cancelled.
   * @throws What the rest throws.
   */
  async await(job: Job): Promise<JobStatus> {
    const added = await insist((queue) => queue.enqueue([job]), this.#options);
    if (added === 0) await insist((queue) => queue.retry([job.id]), this.#options);
    const end = Promise.withResolvers<JobStatus>();
    this.#awaited.set(job.id, end);
    if (this.#awaited.size === 1) void this.#look();
    return await end.promise;
  }

  /** Looks until nothing is waited for. */
  async #look(): Promise<void> {
    try {
      while (this.#awaited.size > 0) {
        const startedAt = performance.now();
        const statuses = await insist((queue) => queue.list([...this.#awaited.keys()]), this.#options);
        for (const status of statuses.filter(({ state }) => isEnded(state))) {
          this.#awaited.get(status.job.id)!.resolve(status);
          this.#awaited.delete(status.job.id);
        }
        if (this.#awaited.size === 0) return;
        // Where there are many, it rests as long as it looks.
        const endedAt = performance.now();
        do await this.#options.rest(); while (performance.now() - endedAt < endedAt - startedAt);
      }
    } catch (error) {
      for (const end of this.#awaited.values()) end.reject(error);
      this.#awaited.clear();
    }
  }
}
