import { formatShare } from "../../report/mod.ts";
import { isEnded, type JobStatus, openBoard, type Queue, withoutPassword } from "../../queue/mod.ts";
import { Interrupt, Interrupted, RunError } from "../../run/mod.ts";
import type { ResultStore } from "../../store/mod.ts";
import {
  estimateSeconds,
  fetchFinished,
  jobOfTrial,
  rowsOfTrials,
  sendInputs,
  slurmScript,
  type Trial,
  type TrialRow,
} from "../../sweep/mod.ts";
import { countOf, formatDuration, formatTable } from "../../text/mod.ts";
import type { Command, Invocation } from "../command.ts";
import { CACHE_FLAG, ENGINE_FLAGS, OUTPUT_FLAGS } from "../common_flags.ts";
import type { Flag, Flags, Values } from "../flag.ts";
import { UsageError } from "../flags.ts";
import { checkMayStart } from "../launch.ts";
import {
  openNamedQueue,
  openNamedStore,
  openPlaces,
  QUEUE_FLAG,
  queueNamed,
  readStoreAddress,
  STORE_FLAG,
} from "../study_places.ts";
import { findKeptStudy, keepStudy, type KeptStudy, readKeptStudy, trialsOf } from "../study_trials.ts";
import { readStudy } from "../study_file.ts";
import { runWorkers, trialSettings } from "../study_workers.ts";
import { flagsThatDiffer, timedRuns, writeStudyFiles } from "../study_results.ts";
import { basename, resolve } from "node:path";

/** Flags of whatever runs trials. */
export const WORKER_FLAGS: Flags = {
  threads: {
    ...ENGINE_FLAGS.threads!,
    help: "threads of a trial; results do not depend on it",
    default: "cores by workers",
  },
  lease: {
    kind: "duration",
    from: 1,
    to: 3600,
    help: "time after which a trial whose worker is not heard of goes to another; the same for all workers",
    default: "60s",
  },
  failures: { kind: "integer", from: 1, to: 100, help: "failures after which a trial is set aside", default: 3 },
  cache: CACHE_FLAG,
  fast: {
    kind: "switch",
    help: "run trials in fast mode: up to twice as fast, and the kernels are trusted (docs/security.md)",
  },
};

const OUT_FLAG = {
  kind: "text",
  value: "DIR",
  help: "folder of the results, which all workers share; with --store this machine's own",
} as const satisfies Flag;

/** `sweep`: a study. */
export const sweepCommand: Command = {
  name: "sweep",
  summary:
    "Runs a study: every trial that a file describes, on this machine or on many; also sweep status, results, cancel, retry, slurm, board.",
  basic: ["out", "queue", "store", "workers", "dry-run", "threads", "lease", "fast", "json"],
  examples: [
    "deno task sweep study.yaml --dry-run",
    "deno task sweep study.yaml --out runs/study --workers 2",
    "deno task sweep study.yaml --out /shared/study --workers 0",
  ],
  operands: { name: "FILE", least: 1, most: 1 },
  flags: {
    out: { ...OUT_FLAG, default: "runs/sweep-FILE" },
    queue: { ...QUEUE_FLAG, default: "folder:OUT/queue" },
    store: STORE_FLAG,
    workers: {
      kind: "integer",
      from: 0,
      to: 64,
      help: "trials that this machine runs at once until all are done; 0: trials are left to deno task worker",
      default: 1,
    },
    "dry-run": { kind: "switch", help: "list the trials, with a guess of their seconds, and run nothing" },
    ...WORKER_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run(invocation) {
    const { values, operands: [file], commands, terminal } = invocation;
    const { study, command } = await readStudy(file!, await commands());
    const out = values.out?.toString() ?? `runs/sweep-${basename(file!).replace(/\.[^.]*$/, "")}`;
    const trials = await trialsOf(study, command, { cache: values.cache?.toString() });
    if (values.dryRun === true) return await showPlan(trials, { out, command }, invocation);
    const workers = Number(values.workers ?? 1);
    // Before anything is queued: trials would fail one by one.
    if (workers > 0) checkMayStart("sweep");
    const begun = await findKeptStudy(out);
    await using places = await openPlaces(values, { queue: `folder:${out}/queue`, store: begun?.store });
    const { queue, store, leaseSeconds } = places;
    await keepStudy(out, { command: command.name, queue: withoutPassword(queue.url), store: store?.url, trials });
    if (store !== undefined) await sendInputs(trials, { store, cache: values.cache?.toString(), say: terminal.say });
    const added = await queue.enqueue(trials.map(jobOfTrial));
    terminal.say(`${countOf(trials.length, "trial")}, ${added.toLocaleString("en")} of them new, in ${queue.url}`);
    const ids = trials.map(({ id }) => id);
    const isStopped = workers > 0 && await runWorkers(queue, {
      out,
      store,
      workers,
      ...trialSettings(values),
      leaseSeconds,
      commands: await commands(),
      isDone: async () => (await queue.list(ids)).every(({ state }) => isEnded(state)),
      say: terminal.say,
    });
    if (isStopped) {
      throw new Interrupted(`Interrupted and saved. Continue with: deno task sweep ${file} --out ${out}`);
    }
    return await tell({ trials, statuses: await queue.list(ids), out, store }, invocation);
  },
};

/** Seconds that a store may take to answer somebody who looks on. */
const RESULT_SECONDS = 10;

/** Says how a study ended; 1 if a trial was set aside. What other machines have finished is fetched from the store. */
async function tell(
  { trials, statuses, out, store, seconds }: {
    trials: readonly Trial[];
    statuses: readonly JobStatus[];
    out: string;
    store: ResultStore | undefined;
    seconds?: number | undefined;
  },
  { terminal }: Invocation,
): Promise<number> {
  const rows = rowsOfTrials(trials, statuses, out);
  // A trial that was stopped for lagging behind has no result.
  const finished = trials.filter((_, i) => rows[i]!.state === "finished" && rows[i]!.stoppedAt === undefined);
  const missing = await fetchFinished(finished, { out, store, seconds });
  if (missing.length > 0) {
    throw new RunError(
      `Cannot find ${missing[0]}: its trial is finished, expected the --out of its worker to be here, or its --store`,
    );
  }
  const files = rows.some(({ state }) => state === "finished") ? await writeStudyFiles(rows, { out }) : [];
  terminal.answer({ out, trials: rows, files }, () => [tabulateTrials(rows), "", ...files].join("\n").trimEnd());
  return rows.some(({ state }) => state === "failed") ? 1 : 0;
}

async function showPlan(
  trials: readonly Trial[],
  { out, command }: { out: string; command: Command },
  { terminal }: Invocation,
): Promise<void> {
  const timed = await timedRuns(out, command);
  const plan = trials.map(({ id, settings }) => ({ id, settings, seconds: estimateSeconds(settings, timed) }));
  const seconds = plan.every(({ seconds }) => seconds !== undefined)
    ? plan.reduce((sum, trial) => sum + trial.seconds!, 0)
    : undefined;
  const guess = seconds === undefined
    ? "How long they take is known after the first run of this command in runs/ or in the folder of the results."
    : `About ${formatDuration(seconds)} on one worker of a machine like that of the runs so far.`;
  terminal.answer({ trials: plan, seconds }, () => {
    const columns = columnsOf(plan);
    const rows = plan.map(({ id, settings, seconds }) => [
      id,
      ...columns.map((flag) => show(settings[flag])),
      seconds === undefined ? "" : seconds.toFixed(0),
    ]);
    return [formatTable([["trial", ...columns, "seconds"], ...rows]), "", `${countOf(plan.length, "trial")}. ${guess}`]
      .join("\n");
  });
}

/** Flags in which trials differ; all if there is one trial. */
function columnsOf(trials: readonly Pick<Trial, "settings">[]): string[] {
  return trials.length > 1 ? flagsThatDiffer(trials) : Object.keys(trials[0]?.settings ?? {});
}

function show(value: unknown): string {
  return value === undefined ? "" : Array.isArray(value) ? value.join(",") : String(value);
}

/** Sets trials in a table. */
function tabulateTrials(rows: readonly TrialRow[]): string {
  const columns = columnsOf(rows);
  const share = (value: number | undefined) => value === undefined ? "" : formatShare(value);
  return formatTable([
    ["trial", ...columns, "state", "held-out images", "test images", "seconds", ""],
    ...rows.map(({ id, settings, state, validAccuracy, testAccuracy, seconds, progress, stoppedAt, error }) => [
      id,
      ...columns.map((flag) => show(settings[flag])),
      state,
      share(validAccuracy ?? progress?.validAccuracy),
      share(testAccuracy),
      seconds?.toFixed(1) ?? "",
      error ??
        (stoppedAt !== undefined
          ? `stopped at epoch ${stoppedAt}`
          : progress
          ? `${progress.stage} epoch ${progress.epoch}`
          : ""),
    ]),
  ]);
}

/** What is done with the trials of a study that was begun. */
type StudyWork = (
  found: { out: string; study: KeptStudy; queue: Queue; statuses: JobStatus[] },
  invocation: Invocation,
) => Promise<number | void>;

/** A command of the family `sweep`, on the folder of a study's results. */
function studyCommand({ name, summary, examples, flags = {}, work }: {
  name: string;
  summary: string;
  examples: readonly string[];
  flags?: Flags;
  work: StudyWork;
}): Command {
  return {
    name,
    summary,
    examples,
    operands: { name: "DIR", least: 1, most: 1 },
    flags: { queue: { ...QUEUE_FLAG, default: "that of the study" }, ...flags, ...OUTPUT_FLAGS },
    async run(invocation) {
      const out = invocation.operands[0]!;
      const study = await readKeptStudy(out);
      const { queue } = await openNamedQueue(invocation.values, study);
      try {
        const statuses = await queue.list(study.trials.map(({ id }) => id));
        return await work({ out, study, queue, statuses }, invocation);
      } finally {
        await queue.close();
      }
    },
  };
}

/** `sweep status`: how far a study is. */
export const sweepStatusCommand = studyCommand({
  name: "sweep status",
  summary: "Tells how far the trials of a study are: --out of its sweep.",
  examples: ["deno task sweep status runs/study"],
  work({ out, study, statuses }, { terminal }) {
    const rows = rowsOfTrials(study.trials, statuses, out);
    const counts = Object.fromEntries(
      ["waiting", "running", "finished", "failed", "cancelled"].map((state) => [
        state,
        rows.filter((row) => row.state === state).length,
      ]),
    );
    const words = Object.entries(counts).filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
    terminal.answer({ counts, trials: rows }, () => [tabulateTrials(rows), "", words.join(", ")].join("\n"));
    return Promise.resolve();
  },
});

/** `sweep results`: what a study came to, as files. */
export const sweepResultsCommand = studyCommand({
  name: "sweep results",
  summary: "Shows what a study came to, and writes it as a table (CSV), a page and a journal for Optuna's dashboard.",
  examples: ["deno task sweep results runs/study", "deno task sweep results runs/study --json"],
  flags: { store: { ...STORE_FLAG, default: "that of the study" } },
  async work({ out, study, statuses }, invocation) {
    if (study.command === "compare") {
      throw new RunError(
        `Cannot sum up ${out}: it is a comparison, expected a sweep; ${out}/report.html is its report`,
      );
    }
    const store = await openNamedStore(invocation.values, study);
    try {
      return await tell({ trials: study.trials, statuses, out, store, seconds: RESULT_SECONDS }, invocation);
    } finally {
      store?.close();
    }
  },
});

/** Trials that are named by their beginnings; all if none is. */
function chosen(trials: readonly Trial[], values: Values): string[] {
  if (values.trials === undefined) return trials.map(({ id }) => id);
  const wanted = values.trials as readonly string[];
  const none = wanted.find((start) => !trials.some(({ id }) => id.startsWith(start)));
  if (none !== undefined) {
    throw new UsageError(`--trials names ${JSON.stringify(none)}: expected ids that sweep status lists`);
  }
  return trials.map(({ id }) => id).filter((id) => wanted.some((start) => id.startsWith(start)));
}

const TRIALS_FLAG: Flags = {
  trials: { kind: "list", value: "ID[,ID…]", help: "trials, by the beginnings of their ids", default: "all" },
};

/** `sweep cancel`: trials that are not to be run. */
export const sweepCancelCommand = studyCommand({
  name: "sweep cancel",
  summary: "Takes trials of a study back that wait or run; what runs is stopped and saved.",
  examples: ["deno task sweep cancel runs/study", "deno task sweep cancel runs/study --trials t4be2"],
  flags: TRIALS_FLAG,
  async work({ study, queue }, { values, terminal }) {
    const cancelled = await queue.cancel(chosen(study.trials, values));
    terminal.answer({ cancelled }, () => `${countOf(cancelled, "trial")} cancelled`);
  },
});

/** `sweep retry`: trials that are to be run after all. */
export const sweepRetryCommand = studyCommand({
  name: "sweep retry",
  summary: "Lets trials of a study wait again that were set aside or cancelled; they go on where they were.",
  examples: ["deno task sweep retry runs/study"],
  flags: TRIALS_FLAG,
  async work({ study, queue }, { values, terminal }) {
    const waiting = await queue.retry(chosen(study.trials, values));
    terminal.answer({ waiting }, () => `${countOf(waiting, "trial")} waiting again`);
  },
});

/** `sweep slurm`: a script for a cluster. */
export const sweepSlurmCommand: Command = {
  name: "sweep slurm",
  summary: "Writes a script for sbatch: an array of workers for a study, which was enqueued with --workers 0.",
  examples: ["deno task sweep slurm /shared/study --workers 20 --threads 4 --time 08:00:00"],
  operands: { name: "DIR", least: 1, most: 1 },
  flags: {
    queue: { ...QUEUE_FLAG, default: "that of the study" },
    store: { ...STORE_FLAG, default: "that of the study" },
    workers: {
      kind: "integer",
      from: 1,
      to: 10_000,
      help: "tasks of the array",
      default: "as many as trials, at most 100",
    },
    threads: { kind: "integer", from: 1, to: 16, help: "cores of each", default: 4 },
    time: { kind: "text", value: "TIME", help: "most time of a worker, as SLURM writes it", default: "12:00:00" },
    fast: WORKER_FLAGS.fast!,
    ...OUTPUT_FLAGS,
  },
  async run({ operands: [out], values, terminal }) {
    const study = await readKeptStudy(out!);
    const time = values.time?.toString() ?? "12:00:00";
    if (!/^(\d+-)?\d+(:\d+){0,2}$/.test(time)) {
      throw new UsageError(`--time is ${JSON.stringify(time)}: expected minutes, HH:MM:SS or DAYS-HH:MM:SS`);
    }
    const queue = values.queue?.toString() ?? study.queue;
    const script = slurmScript({
      name: basename(out!),
      queue: queue.startsWith("folder:") ? `folder:${resolve(queue.slice("folder:".length))}` : queue,
      store: values.store ? readStoreAddress(values.store.toString()) : study.store,
      out: resolve(out!),
      workers: Number(values.workers ?? Math.min(100, study.trials.length)),
      threads: Number(values.threads ?? 4),
      time,
      isFast: values.fast === true,
      folder: Deno.cwd(),
    });
    terminal.answer({ script }, () => script.trimEnd());
  },
};

/** `sweep board`: the jobs of a server's queue in a browser. */
export const sweepBoardCommand: Command = {
  name: "sweep board",
  summary:
    "Shows the jobs of a queue that a server keeps in a browser of this machine (bull-board), and changes nothing.",
  examples: ["deno task board", "deno task board --port 3001"],
  flags: {
    queue: QUEUE_FLAG,
    port: { kind: "integer", from: 0, to: 65_535, help: "port of 127.0.0.1; 0: any that is free", default: 3000 },
    ...OUTPUT_FLAGS,
  },
  async run({ values, terminal }) {
    const stop = Promise.withResolvers<void>();
    using _interrupt = await Interrupt.install({ onRequest: () => stop.resolve() });
    await using board = await openBoard(queueNamed(values), { port: Number(values.port ?? 3000) });
    terminal.answer({ url: board.url }, () => `${board.url} shows the jobs, until Ctrl-C`);
    await stop.promise;
  },
};

/** The family, those of two words first: one word is the beginning of all. */
export const SWEEP_COMMANDS: readonly Command[] = [
  sweepStatusCommand,
  sweepResultsCommand,
  sweepCancelCommand,
  sweepRetryCommand,
  sweepSlurmCommand,
  sweepBoardCommand,
  sweepCommand,
];
