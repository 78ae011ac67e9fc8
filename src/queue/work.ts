import type { Claim, Job, JobFailure, Queue } from "./queue.ts";

/** What work on a job came to. */
export type JobEnd =
  | { readonly type: "finish"; readonly outcome: unknown }
  | { readonly type: "fail"; readonly failure: JobFailure }
  | {
    /** It goes on elsewhere, or later. */
    readonly type: "give back";
    /** Why, if not because the worker is to stop: it rests before it claims again. */
    readonly trouble?: string | undefined;
  };

/** What the work on a job may ask and tell. */
export interface JobContext {
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** Aborted when the work is to stop, after saving: the worker is to end, or the job is no longer its. */
  readonly signal: AbortSignal;
  /** Tells how far it is; an error in telling is no error of the work. */
  progress(value: unknown): void;
}

/** How jobs of a kind are done. An error thrown counts as a failure. */
export type JobHandler = (job: Job, context: JobContext) => Promise<JobEnd>;

/** How {@linkcode work} works. */
export interface WorkOptions {
  /** Name of this worker, of which there is no other. */
  readonly name: string;
  /** How jobs are done, by their kind. */
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** Aborted when the worker is to stop; its job is given back. */
  readonly signal: AbortSignal;
  /** Seconds between renewals of a lease. */
  readonly renewSeconds: number;
  /** Most seconds until a job that was added is seen. */
  readonly idleSeconds?: number | undefined;
  /** Asked when there is no job to claim: whether to end. Never if left out. */
  readonly isDone?: (() => Promise<boolean>) | undefined;
  /** Told in one line what happens. */
  readonly say?: ((line: string) => void) | undefined;
}

/** Longest rest after trouble, in seconds. */
const LONGEST_REST = 30;

/**
 * Does one job after the other until it is told to stop. Whatever goes wrong with the queue, such as a server that restarts, is waited
 * out; a job whose claim is lost is dropped.
 *
 * @param queue The queue.
 * @param options How, and how long.
 */
export async function work(queue: Queue, options: WorkOptions): Promise<void> {
  const { name, signal, idleSeconds = 0.5, isDone, say } = options;
  let rest = 1;
  while (!signal.aborted) {
    try {
      const claim = await queue.claim(name);
      if (claim !== undefined) {
        const trouble = await serve(claim, options);
        if (trouble !== undefined) throw new Error(trouble);
        rest = 1;
      } else if (await isDone?.()) return;
      else await pause(idleSeconds, signal);
    } catch (error) {
      say?.(`${name}: ${(error as Error).message}; goes on in ${rest} s`);
      await pause(rest, signal);
      rest = Math.min(LONGEST_REST, 2 * rest);
    }
  }
}

/** Does one job; returns what keeps this worker from the next. */
async function serve(claim: Claim, options: WorkOptions): Promise<string | undefined> {
  const { job } = claim;
  const stop = new AbortController();
  const onStop = () => stop.abort("stop");
  options.signal.addEventListener("abort", onStop);
  if (options.signal.aborted) onStop();
  const renewal = keepRenewing(claim, { ...options, stop });
  let end: JobEnd;
  try {
    end = await perform(claim, options, stop.signal);
  } finally {
    options.signal.removeEventListener("abort", onStop);
    await renewal.end();
  }
  if (renewal.isLost() || !await conclude(claim, end, options)) {
    options.say?.(`${options.name}: ${job.id} is no longer this worker's, what it did is dropped`);
    return undefined;
  }
  return end.type === "give back" ? end.trouble : undefined;
}

async function perform(claim: Claim, { handlers, name, say }: WorkOptions, signal: AbortSignal): Promise<JobEnd> {
  const { job, attempt } = claim;
  const handler = handlers[job.kind];
  if (handler === undefined) {
    return { type: "fail", failure: { message: `${name} knows no jobs of kind ${JSON.stringify(job.kind)}`, log: "" } };
  }
  say?.(`${name}: ${job.id}, attempt ${attempt}`);
  const progress = (value: unknown) => void claim.progress(value).catch(() => {});
  try {
    return await handler(job, { attempt, signal, progress });
  } catch (error) {
    const { message, stack = "" } = error as Error;
    return { type: "fail", failure: { message, log: stack } };
  }
}

/** Tells the queue how a job ended, until it has heard: whether the claim held. */
async function conclude(claim: Claim, end: JobEnd, { signal, say, name }: WorkOptions): Promise<boolean> {
  for (let rest = 0.5;; rest = Math.min(LONGEST_REST, 2 * rest)) {
    try {
      if (end.type === "finish") return await claim.finish(end.outcome);
      return end.type === "fail" ? await claim.fail(end.failure) : await claim.giveBack();
    } catch (error) {
      say?.(`${name}: cannot tell how ${claim.job.id} ended, ${(error as Error).message}`);
      // Who is to stop leaves the job to whoever takes it over.
      if (signal.aborted && rest > 2) return false;
      await new Promise((resolve) => setTimeout(resolve, 1000 * rest));
    }
  }
}

/** Renews a lease again and again, and stops the work once it is lost. */
function keepRenewing(claim: Claim, { renewSeconds, stop }: WorkOptions & { stop: AbortController }) {
  let [isLost, isEnded] = [false, false];
  let turn: Promise<void> = Promise.resolve();
  const renew = async () => {
    try {
      if (isEnded || await claim.renew()) return;
      isLost = true;
      stop.abort("lost");
    } catch {
      // A queue that cannot be reached now is asked again; whether the claim outlived that, it says itself.
    }
  };
  const timer = setInterval(() => turn = turn.then(renew), 1000 * renewSeconds);
  return {
    isLost: () => isLost,
    async end(): Promise<void> {
      clearInterval(timer);
      isEnded = true;
      await turn;
    },
  };
}

/** Waits, unless it is to stop. */
function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, 1000 * seconds);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
