import { type ArmMachines, compare, type CompareOptions, type CompareResult, type PlannedRun } from "../compare/mod.ts";
import { printable } from "../data/mod.ts";
import { JobEnds, type Queue, withoutPassword } from "../queue/mod.ts";
import { openRun, readConfiguration, RunError } from "../run/mod.ts";
import type { Session } from "../stages/mod.ts";
import type { ResultStore } from "../store/mod.ts";
import { type FlagValues, Inputs, jobOfTrial, sendInputs, type Trial, TrialFolders } from "../sweep/mod.ts";
import type { Command } from "./command.ts";
import type { Values } from "./flag.ts";
import { checkMayStart } from "./launch.ts";
import { flattenValues } from "./setting_paths.ts";
import { keepStudy, trialOf } from "./study_trials.ts";
import { runWorkers, trialSettings } from "./study_workers.ts";
import { join } from "node:path";

/** Milliseconds between two looks at the queue. */
const LOOK_MILLISECONDS = 500;

/** What makes the runs of a comparison. */
export interface CompareMachines {
  /** Where workers find them. */
  readonly queue: Queue;
  /** Seconds of its leases. */
  readonly leaseSeconds: number;
  /** Where results are shared, if the folder is not. */
  readonly store: ResultStore | undefined;
  /** Commands that there are. */
  readonly commands: readonly Command[];
  /** Flags: workers of this process, threads of each, memory, folder of decoded pictures. */
  readonly values: Values;
  /** Told what happens. */
  readonly say: (line: string) => void;
}

/**
 * Compares as a study: each run is a trial, made by any worker of the queue, some of this process among them. Runs that no command
 * line describes are made by this process itself.
 *
 * @param session The comparison's run and its engine.
 * @param options The comparison.
 * @param machines Queue and workers.
 * @returns Its result, which is that without machines.
 * @throws {RunError} If a run was set aside, or this process may start no other.
 * @throws {Interrupted} If asked to stop; runs of this process's workers are saved and given back.
 */
export async function compareOverQueue(
  session: Session,
  options: CompareOptions,
  machines: CompareMachines,
): Promise<CompareResult> {
  const { queue, store, leaseSeconds, commands, values, say } = machines;
  const out = session.run.path;
  const workers = Number(values.workers ?? 1);
  if (workers > 0) checkMayStart("compare");
  else say(`Waiting for workers: ${workerCall(queue, { out, store })}`);
  const stop = new AbortController();
  const working = workers > 0 && runWorkers(queue, {
    out,
    store,
    workers,
    ...trialSettings(values),
    leaseSeconds,
    commands,
    signal: stop.signal,
    say,
  });
  try {
    return await compare(session, options, new ArmTrials(session, machines));
  } finally {
    stop.abort();
    await working;
  }
}

/** The runs of a comparison as trials of one study. */
class ArmTrials implements ArmMachines {
  readonly #session: Session;
  readonly #machines: CompareMachines;
  readonly #inputs: Inputs;
  readonly #ends: JobEnds;
  readonly #trials: Trial[] = [];
  readonly #sent = new Set<string>();
  #kept: Promise<void> = Promise.resolve();

  constructor(session: Session, machines: CompareMachines) {
    const { queue, say, values } = machines;
    [this.#session, this.#machines] = [session, machines];
    this.#inputs = new Inputs({ cache: values.cache?.toString() });
    this.#ends = new JobEnds({ queue, say, rest: () => this.#rest() });
  }

  async make(place: string, { command: name, options }: PlannedRun): Promise<boolean> {
    const folder = join(this.#session.run.path, place);
    const { result, isBegun } = await lookAt(folder);
    if (result !== undefined) return true;
    const command = this.#machines.commands.find((command) => command.name === name);
    // What this process has begun in that folder it ends; and what cannot be said to another process.
    if (isBegun || command === undefined) return false;
    const { values, unknown } = flattenValues(command, options);
    if (unknown.length > 0) return false;
    const settings = { ...values, ...this.#common() } as FlagValues;
    const trial = await trialOf(settings, { command, inputs: this.#inputs, place });
    const { store, say, values: { cache } } = this.#machines;
    if (store !== undefined) {
      await sendInputs([trial], { store, cache: cache?.toString(), known: this.#sent, say });
    }
    await this.#keep(trial);
    const { state, failure, attempts } = await this.#ends.await(jobOfTrial(trial));
    const folders = new TrialFolders(this.#session.run.path, trial, store);
    if (state === "failed") {
      const log = folders.log(attempts);
      const reason = printable(failure?.message ?? "no reason given");
      throw new RunError(
        `set aside after ${attempts} attempts: ${reason}; see ${log}, compare --resume tries it again`,
      );
    }
    if (state === "cancelled") throw new RunError("cancelled; compare --resume tries it again");
    if (await folders.result() !== undefined) return true;
    throw new RunError(
      `Cannot find ${folder}: its trial is finished, expected the --out of its worker to be here, or its --store`,
    );
  }

  /** What all runs have in common that is no option of a pipeline. */
  #common(): FlagValues {
    const { memory, cache } = this.#machines.values;
    const { build } = this.#session.engine;
    return Object.fromEntries(
      Object.entries({ build, memory, cache }).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]),
    );
  }

  /** Keeps which trials there are, for `sweep status`; one write after the other. */
  async #keep(trial: Trial): Promise<void> {
    this.#trials.push(trial);
    const { path } = this.#session.run;
    const { queue: { url }, store } = this.#machines;
    const places = { queue: withoutPassword(url), store: store?.url };
    this.#kept = this.#kept.then(() => keepStudy(path, { command: "compare", ...places, trials: this.#trials }));
    await this.#kept;
  }

  async #rest(): Promise<void> {
    this.#session.requireUninterrupted();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
    this.#session.requireUninterrupted();
  }
}

/** The command line that helps. */
function workerCall(queue: Queue, { out, store }: { out: string; store: ResultStore | undefined }): string {
  const named = `--queue ${withoutPassword(queue.url)}`;
  return store === undefined
    ? `deno task worker ${named} --out ${out}`
    : `deno task worker:net ${named} --store '${store.url}' --out DIR`;
}

/** How far the run in a folder is. */
async function lookAt(folder: string): Promise<{ result: unknown; isBegun: boolean }> {
  if (await readConfiguration(folder) === undefined) return { result: undefined, isBegun: false };
  return { result: (await openRun(folder)).result, isBegun: true };
}
