/**
 * How many empty jobs a queue takes and gives in a second, and how soon a worker that idles sees a new one:
 * `ROOTSTOCK_QUEUE=redis://… deno task bench:queue [--jobs N] [--workers N]`. Each run has a prefix or schema of its own.
 *
 * @module
 */
import { type Job, openQueue, type Queue, withoutPassword, work } from "../src/queue/mod.ts";
import { median } from "./median.ts";
import { parseArgs } from "@std/cli/parse-args";

/** Jobs that are waited for, one at a time. */
const WAITS = 20;

const jobOf = (number: number): Job => ({ id: `j${number}`, kind: "empty", payload: {} });

/** Address of a part of the server that nobody has used. */
function ownPart(address: string): string {
  const url = new URL(address);
  url.searchParams.set(url.protocol.startsWith("redis") ? "prefix" : "schema", `bench_${Date.now()}`);
  return url.href;
}

/** Seconds in which workers, each with its own connection, do all jobs. */
async function doAll(queues: readonly Queue[]): Promise<number> {
  const start = performance.now();
  await Promise.all(queues.map((queue, i) =>
    work(queue, {
      name: `worker ${i}`,
      handlers: { empty: () => Promise.resolve({ type: "finish", outcome: null }) },
      signal: new AbortController().signal,
      renewSeconds: 10,
      isDone: () => Promise.resolve(true),
    })
  ));
  return (performance.now() - start) / 1000;
}

/** Seconds from a job's being added to its being worked on, by a worker that idles. */
async function waitFor([queue, other]: readonly Queue[]): Promise<number[]> {
  const stop = new AbortController();
  let seen = Promise.withResolvers<number>();
  const worker = work(other!, {
    name: "idler",
    handlers: {
      empty: () => {
        seen.resolve(performance.now());
        return Promise.resolve({ type: "finish", outcome: null });
      },
    },
    signal: stop.signal,
    renewSeconds: 10,
  });
  const seconds: number[] = [];
  for (let i = 0; i < WAITS; i++) {
    await new Promise((resolve) => setTimeout(resolve, 600 + 500 * Math.random()));
    seen = Promise.withResolvers();
    await queue!.enqueue([jobOf(1_000_000 + i)]);
    const start = performance.now();
    seconds.push(Math.max(0, await seen.promise - start) / 1000);
  }
  stop.abort();
  await worker;
  return seconds;
}

const flags = parseArgs(Deno.args, { string: ["jobs", "workers"], default: { jobs: "2000", workers: "4" } });
const [jobs, workers] = [Number(flags.jobs), Number(flags.workers)];
const url = ownPart(Deno.env.get("ROOTSTOCK_QUEUE")!);
const queues = await Promise.all(Array.from({ length: Math.max(2, workers) }, () => openQueue(url)));
const start = performance.now();
await queues[0]!.enqueue(Array.from({ length: jobs }, (_, i) => jobOf(i)));
const enqueued = (performance.now() - start) / 1000;
const done = await doAll(queues.slice(0, workers));
const waits = await waitFor(queues);
console.log(withoutPassword(url));
console.log(`${jobs} jobs enqueued: ${(jobs / enqueued).toFixed(0)} a second`);
console.log(`claimed and finished by ${workers} workers of one process: ${(jobs / done).toFixed(0)} a second`);
console.log(
  `seen by a worker that idles: after ${median(waits).toFixed(2)} s, at most ${Math.max(...waits).toFixed(2)} s`,
);
await Promise.all(queues.map((queue) => queue.close()));
