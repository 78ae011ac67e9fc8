import { join, resolve } from "node:path";
import { defaultCacheFolder, printable } from "../data/mod.ts";
import type { Job, JobContext, JobEnd } from "../queue/mod.ts";
import { readEvents } from "../run/mod.ts";
import { type ResultStore, StoreTrouble } from "../store/mod.ts";
import { zooFolder } from "../zoo/mod.ts";
import { TrialFolders } from "./attempt.ts";
import { fetchInputs } from "./carried_inputs.ts";
import { type ChildEnd, type Launch, runChild } from "./child.ts";
import { type HalvingView, lagsBehind } from "./halving.ts";
import { outcomeOf, progressOf } from "./outcome.ts";
import type { FlagValue } from "./study.ts";
import { argumentsOf, type Trial, trialOfJob } from "./trial.ts";

/** What running trials takes. */
export interface TrialOptions {
  /** Folder of the results, which all workers share, unless there is a store. */
  readonly out: string;
  /** Where results are shared, if the folder is this worker's own. */
  readonly store?: ResultStore | undefined;
  /** Seconds between two looks whether a checkpoint is to be kept in the store. */
  readonly saveSeconds: number;
  /** Folder of decoded pictures. */
  readonly cache?: string | undefined;
  /** Threads of a trial. */
  readonly threads: number;
  /** How its process is started. */
  readonly launch: Launch;
  /** Says in a line what keeps this worker from running a trial: other data, another version. */
  readonly check: (trial: Trial) => Promise<string | undefined>;
  /** Seconds between looks at a trial's history. */
  readonly lookSeconds: number;
  /** What the other trials of a study that is halved have reached. */
  readonly peers: (study: string) => Promise<readonly HalvingView[]>;
  /** Told in one line what happens. */
  readonly say?: ((line: string) => void) | undefined;
}

/** What a disk says that is full, or that cannot be written now: no fault of the trial. */
const DISK_TROUBLE = /no space is left on the disk|the disk is read-only|limit of the system/;
/** Exit code of a command that was interrupted and has saved. */
const INTERRUPTED = 130;

/**
 * Runs a trial, or goes on with it: in a process of its own, in a folder of this attempt, whose content becomes the trial's when it
 * is finished.
 *
 * @param job The trial's job.
 * @param context When to stop, whom to tell.
 * @param options Where, how.
 * @returns How it ended.
 */
export async function runTrial(job: Job, context: JobContext, options: TrialOptions): Promise<JobEnd> {
  try {
    return await attempt(trialOfJob(job), context, options);
  } catch (error) {
    const { message } = error as Error;
    if (DISK_TROUBLE.test(message) || error instanceof StoreTrouble) return { type: "give back", trouble: message };
    throw error;
  }
}

async function attempt(trial: Trial, context: JobContext, options: TrialOptions): Promise<JobEnd> {
  const { signal, attempt: number } = context;
  // A worker with a store serves many comparisons, and each of them has a run of this place.
  const folders = new TrialFolders(options.out, options.store ? { id: trial.id } : trial, options.store);
  // Whoever finished it may have been lost before it could say so; or another study has run it.
  const known = await folders.result({ signal });
  if (known !== undefined) {
    await folders.share({ signal });
    return { type: "finish", outcome: outcomeOf(known) };
  }
  if (options.store !== undefined) await fetchInputs(trial, { store: options.store, cache: options.cache, signal });
  const obstacle = await options.check(trial);
  if (obstacle !== undefined) return { type: "fail", failure: { message: obstacle, log: "" } };
  const folder = await folders.begin(number, { signal, say: options.say });
  const stop = new AbortController();
  const onStop = () => stop.abort();
  signal.addEventListener("abort", onStop);
  if (signal.aborted) onStop();
  const watch = watchTrial(folder, trial, { context, options, stop });
  const saving = keepSaving(() => folders.save(number, { seconds: 0 }), options);
  try {
    const end = await runChild(
      [...argumentsOf(trial), "--out", folder, "--resume", "--json", "--quiet", ...threadsOf(trial, options)],
      { launch: options.launch, writes: writesOf(trial, folder), signal: stop.signal },
    );
    await saving.end();
    const changed = end.code === 0 ? await options.check(trial) : undefined;
    if (changed === undefined) return await conclude(end, folders, { context, stopped: watch.stopped() });
    // What it read was replaced while it ran: nobody knows what it has read, and nobody goes on from that.
    await folders.clear(number);
    return { type: "fail", failure: { message: changed, log: end.log } };
  } finally {
    watch.end();
    await saving.end();
    signal.removeEventListener("abort", onStop);
  }
}

async function conclude(
  { code, log }: ChildEnd,
  folders: TrialFolders,
  { context: { attempt, signal }, stopped }: { context: JobContext; stopped: unknown },
): Promise<JobEnd> {
  const message = log.trimEnd().split("\n").at(-1) ?? "";
  if (code === 0) {
    await folders.publish(attempt, { signal });
    const outcome = outcomeOf(await folders.result());
    await folders.clear(attempt);
    return { type: "finish", outcome };
  }
  if (stopped !== undefined && code === INTERRUPTED) return { type: "finish", outcome: stopped };
  await folders.leave(attempt);
  if (signal.aborted || code === INTERRUPTED) return { type: "give back" };
  if (DISK_TROUBLE.test(message)) return { type: "give back", trouble: message };
  await folders.writeLog(attempt, log);
  const words = printable(message).slice(0, 500);
  return { type: "fail", failure: { message: words || `its process ended with exit code ${code}`, log } };
}

/** Tells how far a trial is, again and again, and stops it if it lags behind its peers. */
function watchTrial(
  folder: string,
  { id, halving }: Trial,
  { context, options, stop }: { context: JobContext; options: TrialOptions; stop: AbortController },
) {
  let [seen, isBusy, stopped]: [number, boolean, unknown] = [0, false, undefined];
  const look = async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      const events = await readEvents(join(folder, "events.jsonl"));
      if (events.length === seen) return;
      seen = events.length;
      const progress = progressOf(events, halving);
      context.progress(progress);
      if (halving === undefined || stopped !== undefined) return;
      const peers = (await options.peers(halving.study)).filter((peer) => peer.id !== id);
      const epoch = lagsBehind(progress.looks ?? {}, peers, halving);
      if (epoch === undefined) return;
      stopped = { ...progress, stoppedAt: epoch };
      stop.abort();
    } catch {
      // A history that cannot be read at this instant is read at the next.
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(() => void look(), 1000 * options.lookSeconds);
  return { stopped: () => stopped, end: () => clearInterval(timer) };
}

/** Keeps what is worth it in the store again and again; what cannot be kept now is at the next turn. */
function keepSaving(save: () => Promise<void>, { saveSeconds, say }: TrialOptions) {
  let [isBusy, turn] = [false, Promise.resolve()];
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    turn = save().catch((error: Error) => say?.(`${error.message}; goes on without a checkpoint there`))
      .finally(() => isBusy = false);
  }, 1000 * saveSeconds);
  return {
    async end(): Promise<void> {
      clearInterval(timer);
      await turn;
    },
  };
}

function threadsOf({ settings }: Trial, { threads }: TrialOptions): string[] {
  return settings.threads === undefined ? ["--threads", String(threads)] : [];
}

/** Folders that a trial's process may write to, and no others. */
function writesOf({ command, settings }: Trial, folder: string): string[] {
  const pathOr = (value: FlagValue | undefined, other: string) => typeof value === "string" ? value : other;
  const cache = pathOr(settings.cache, defaultCacheFolder());
  const zoo = command === "pretrain" ? [pathOr(settings.zoo, zooFolder())] : [];
  return [folder, cache, ...zoo].map((path) => resolve(path));
}
