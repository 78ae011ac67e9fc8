import { assertEquals } from "@std/assert";
import { pretrain, PRETRAIN_DEFAULTS, type PretrainOptions } from "../../src/pipelines/mod.ts";
import { type JobHandler, openQueue, type Queue, work } from "../../src/queue/mod.ts";
import { ROUND_KIND, RoundFiles, RoundWorker } from "../../src/rounds/mod.ts";
import { mergeSettings, type SomeSettings } from "../../src/run/mod.ts";
import type { EpochRecord, SessionOptions } from "../../src/stages/mod.ts";
import { writeDigits } from "../pipelines/_digits.ts";
import { TINY } from "../pipelines/_runs.ts";
import { startSession } from "../stages/_session.ts";

const VERSION = "0";

/** A folder with a dataset of 96 digits: of 48 images for weights, 3 batches an epoch. */
export async function inRounds(test: (folder: string, data: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await writeDigits(`${folder}/few-digits`);
    await test(folder, `${folder}/few-digits`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** How rounds are run in a test. */
export interface TestedRounds {
  readonly options?: SomeSettings<PretrainOptions>;
  readonly session?: Partial<SessionOptions>;
  /** Processes that serve the queue; here they share one. */
  readonly servers?: number;
  readonly timeoutSeconds?: number;
  /** Whether a worker that is killed takes the first job: it is never heard of again. */
  readonly isKilled?: boolean;
  /** Puts itself before what a worker does. */
  readonly around?: (run: JobHandler) => JobHandler;
}

/** Runs a tiny pretraining of two rounds, with workers in this process. */
export async function runRounds(
  out: string,
  data: string,
  { options = {}, session = {}, servers = 1, timeoutSeconds, isKilled = false, around = (run) => run }: TestedRounds,
) {
  const base: PretrainOptions = { ...PRETRAIN_DEFAULTS, data, entry: { name: "few", zoo: `${out}-zoo` } };
  const configuration = mergeSettings(base, TINY, { search: { batch: 8 }, rounds: { count: 2 } }, options);
  await using opened = await startSession("pretrain", out, { configuration, ...session });
  const queue = await openQueue(`folder:${new RoundFiles(out).queue}`, { leaseSeconds: 1 });
  const stop = new AbortController();
  const killed = isKilled ? claimForGood(queue) : Promise.resolve();
  const workers = Array.from({ length: servers }, async (_, i) => {
    await killed;
    await serve(queue, { out, name: `w${i}`, stop, around });
  });
  try {
    return await pretrain(opened, configuration, { queue, timeoutSeconds, version: VERSION });
  } finally {
    stop.abort();
    await Promise.all(workers);
  }
}

/** Takes a job as a worker that is killed then. */
async function claimForGood(queue: Queue): Promise<void> {
  while (await queue.claim("killed") === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function serve(
  queue: Queue,
  { out, name, stop, around }: Pick<Required<TestedRounds>, "around"> & {
    out: string;
    name: string;
    stop: AbortController;
  },
): Promise<void> {
  const worker = new RoundWorker({ out, threads: 1, version: VERSION });
  const run = around((job, context) => worker.run(job, context));
  const handlers = { [ROUND_KIND]: run };
  await work(queue, { name, handlers, signal: stop.signal, renewSeconds: 0.2, idleSeconds: 0.02 });
  await worker.close();
}

/** Bytes of the supernet that a run came to. */
export function supernetOf(out: string): Promise<Uint8Array> {
  return Deno.readFile(`${out}/supernet.safetensors`);
}

/** What two workers come to in two rounds, run once for all tests of a file. */
export function referenceRounds(): Promise<{ curve: readonly EpochRecord[]; supernet: Uint8Array }> {
  return reference ??= (async () => {
    const folder = await Deno.makeTempDir();
    try {
      await writeDigits(`${folder}/few-digits`);
      const { curve } = await runRounds(`${folder}/run`, `${folder}/few-digits`, {
        options: { rounds: { workers: 2 } },
      });
      const left = await Array.fromAsync(Deno.readDir(`${folder}/run/rounds`), ({ name }) => name);
      assertEquals(left.filter((name) => name.endsWith(".safetensors")), [], "tensors go in the end");
      return { curve, supernet: await supernetOf(`${folder}/run`) };
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  })();
}

let reference: ReturnType<typeof referenceRounds> | undefined;
