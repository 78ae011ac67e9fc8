import { resolve } from "node:path";
import { defaultCacheFolder } from "../data/mod.ts";
import project from "../../deno.json" with { type: "json" };
import { type Machines, pretrain, type PretrainOptions, ROUND_WORKERS } from "../pipelines/mod.ts";
import { openQueue } from "../queue/mod.ts";
import { RunError } from "../run/mod.ts";
import { RoundFiles } from "../rounds/mod.ts";
import type { EntryResult, Session } from "../stages/mod.ts";
import { runChild } from "../sweep/mod.ts";
import type { Values } from "./flag.ts";
import { checkMayStart, launchTrial } from "./launch.ts";
import { threadsEach } from "./study_workers.ts";

/** How often a worker's process may end by itself before it is no longer replaced. */
const MOST_DEATHS = 3;

/** Seconds of a lease where all workers are of this machine: nobody is cut off, and a process that was killed is soon replaced. */
const LOCAL_LEASE_SECONDS = 20;

/**
 * Pretrains in rounds: by the workers of a queue if one is named, else by processes of this machine, which end with this one.
 *
 * @param session The run and its engine.
 * @param options The pretraining.
 * @param machines `named`: address of the queue; values of flags: timeout, threads of a process, folder of decoded pictures.
 * @returns Its result.
 * @throws {RunError} If no process of this machine could work.
 */
export async function pretrainInRounds(
  session: Session,
  options: PretrainOptions,
  { named, values }: { named: string | undefined; values: Values },
): Promise<EntryResult> {
  if (named === undefined) checkMayStart("pretrain");
  const queue = named === undefined
    ? await openQueue(`folder:${new RoundFiles(session.run.path).queue}`, { leaseSeconds: LOCAL_LEASE_SECONDS })
    : await openQueue(named);
  const machines: Machines = {
    queue,
    timeoutSeconds: values.roundTimeout as number | undefined,
    version: project.version,
  };
  const stop = new AbortController();
  try {
    const result = pretrain(session, options, machines);
    if (named !== undefined) return await result;
    const workers = runLocalWorkers(options.rounds?.workers ?? ROUND_WORKERS, {
      out: session.run.path,
      queue: queue.url,
      values,
      signal: stop.signal,
    });
    // Workers end before the result only if none of them can go on.
    return await Promise.race([result, workers.then((reason) => stop.signal.aborted ? result : Promise.reject(reason))])
      .finally(async () => {
        stop.abort();
        await workers;
      });
  } finally {
    await queue.close();
  }
}

/** Runs workers in processes of this machine until they are to stop, or none is left; says why. */
async function runLocalWorkers(
  count: number,
  { out, queue, values, signal }: { out: string; queue: string; values: Values; signal: AbortSignal },
): Promise<RunError> {
  const cache = values.cache?.toString() ?? defaultCacheFolder();
  const threads = Number(values.threads ?? threadsEach(count));
  const settings = { queue, out, lease: `${LOCAL_LEASE_SECONDS}s`, threads, cache };
  const args = [
    "worker",
    ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    "--quiet",
  ];
  const writes = [out, cache].map((path) => resolve(path));
  let last = "";
  await Promise.all(Array.from({ length: count }, async () => {
    for (let deaths = 0; deaths < MOST_DEATHS && !signal.aborted; deaths++) {
      const { code, log } = await runChild(args, { launch: launchTrial(), writes, signal });
      last = log.trimEnd().split("\n").at(-1) || `exit code ${code}`;
    }
  }));
  return new RunError(`Cannot go on: no worker's process is left, the last one ended with: ${last}`);
}
