import { HOST } from "../engine/mod.ts";
import { type Queue, work } from "../queue/mod.ts";
import { Interrupt, RunError } from "../run/mod.ts";
import { ROUND_KIND, RoundWorker } from "../rounds/mod.ts";
import type { ResultStore } from "../store/mod.ts";
import project from "../../deno.json" with { type: "json" };
import { type Outcome, runTrial, TRIAL_KIND, trialOfJob, type TrialOptions, type TrialProgress } from "../sweep/mod.ts";
import type { Command } from "./command.ts";
import type { Values } from "./flag.ts";
import { launchTrial } from "./launch.ts";
import { trialChecker } from "./study_trials.ts";

/** Workers of this process. */
export interface WorkersOptions {
  /** Folder of the results. */
  readonly out: string;
  /** Where results are shared, if the folder is not. */
  readonly store?: ResultStore | undefined;
  /** How many. */
  readonly workers: number;
  /** Threads of a trial; the cores shared among the workers if left out. */
  readonly threads?: number | undefined;
  /** Whether trials run in fast mode; in that of this process if left out. */
  readonly isFast?: boolean | undefined;
  /** Seconds of a lease, which is renewed six times within it. */
  readonly leaseSeconds: number;
  /** Commands that there are. */
  readonly commands: readonly Command[];
  /** Folder of decoded pictures. */
  readonly cache?: string | undefined;
  /** Whether to end, asked when there is nothing to claim; never if left out. */
  readonly isDone?: (() => Promise<boolean>) | undefined;
  /** Aborted when they are to stop, as if the process was asked to. */
  readonly signal?: AbortSignal | undefined;
  /** Told what happens. */
  readonly say: (line: string) => void;
}

/** Most seconds between looks at a trial's history. */
const LOOK_SECONDS = 5;
/** Most seconds between two checkpoints of a trial in the store. */
const SAVE_SECONDS = 60;

/** What flags say of the trials of a process's workers. */
export function trialSettings(values: Values): Pick<WorkersOptions, "threads" | "cache" | "isFast"> {
  return {
    threads: values.threads as number | undefined,
    cache: values.cache?.toString(),
    isFast: values.fast === true,
  };
}

/** Threads of each of several workers of this machine, that share its cores. */
export function threadsEach(workers: number): number {
  return Math.max(1, Math.min(16, Math.floor(HOST.cores / workers)));
}

/**
 * Runs trials, and parts of rounds, in this process's workers until all is done or the process is asked to stop; what they are at is saved and given back.
 *
 * @param queue The queue.
 * @param options How many, where.
 * @returns Whether it was asked to stop.
 */
export async function runWorkers(queue: Queue, options: WorkersOptions): Promise<boolean> {
  const { workers, leaseSeconds, say, isDone } = options;
  const stop = new AbortController();
  options.signal?.addEventListener("abort", () => stop.abort());
  if (options.signal?.aborted) stop.abort();
  using interrupt = await Interrupt.install({
    onRequest: () => {
      say("Stopping: saving trials and giving them back …");
      stop.abort();
    },
  });
  const { out, cache, store } = options;
  const trials: TrialOptions = {
    out,
    store,
    cache,
    saveSeconds: Math.min(SAVE_SECONDS, leaseSeconds),
    threads: options.threads ?? threadsEach(workers),
    launch: launchTrial(options.isFast ? "fast" : HOST.mode),
    check: trialChecker(options.commands, { cache }),
    lookSeconds: Math.min(LOOK_SECONDS, leaseSeconds / 6),
    peers: (study) => looksOf(queue, study),
    say,
  };
  // Machines share numbers of processes, and may share names.
  const process = `${Deno.pid}-${crypto.randomUUID().slice(0, 4)}`;
  const rounds = new RoundWorker({ out, threads: options.threads, cache, version: project.version });
  await Promise.all(Array.from({ length: workers }, (_, i) =>
    work(queue, {
      name: `worker ${process}-${i + 1}`,
      handlers: {
        [TRIAL_KIND]: (job, context) => runTrial(job, context, trials),
        [ROUND_KIND]: (job, context) => store === undefined ? rounds.run(job, context) : refuseRounds(store),
      },
      signal: stop.signal,
      renewSeconds: leaseSeconds / 6,
      isDone,
      say,
    })));
  await rounds.close();
  return interrupt.requested;
}

/** States of rounds are in files that all workers share. */
function refuseRounds({ url }: ResultStore): never {
  throw new RunError(`Cannot work on rounds with store ${url}: expected workers that share a folder, without --store`);
}

/** What the trials of a study have reached, those that are finished among them. */
async function looksOf(queue: Queue, study: string) {
  const statuses = await queue.list();
  return statuses.flatMap(({ job, progress, outcome }) => {
    if (job.kind !== TRIAL_KIND || trialOfJob(job).halving?.study !== study) return [];
    const { looks } = (outcome ?? progress ?? {}) as Outcome & TrialProgress;
    return looks === undefined ? [] : [{ id: job.id, looks }];
  });
}
