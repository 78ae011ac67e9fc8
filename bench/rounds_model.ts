import process from "node:process";
import { parseArgs } from "@std/cli/parse-args";
import { Engine } from "../src/engine/mod.ts";
import { collectNetwork, initialiseNetwork } from "../src/network/mod.ts";
import { buildSupernet } from "../src/spaces/mod.ts";
import { makeDartsSpace } from "../src/spaces/darts/space.ts";
import { createDarts, encodeSearchState } from "../src/search/mod.ts";
import { MeanOfParts } from "../src/rounds/mean_of_parts.ts";
import { RoundFiles } from "../src/rounds/mod.ts";
import { prepare, WARM_UP } from "./workload.ts";

/** What a round's time is made of. */
interface Measured {
  /** Seconds of a step of weights and alpha on one machine. */
  readonly step: number;
  /** Bytes of the state that a worker reads and writes. */
  readonly bytes: number;
  /** Seconds in which the coordinator reads a part and adds it. */
  readonly join: number;
}

interface Sizes {
  readonly channels: number;
  readonly cells: number;
  readonly image: number;
  readonly batch: number;
}

/** Seconds between a job's end and the next look at it: the coordinator's 0.2 s, and half a second of an idle worker. */
const QUEUE_SECONDS = 0.7;

/** Bits a second of the one link that all states cross: that of the shared folder. */
const BANDWIDTHS = [1e8, 1e9, 1e10, 1e11];
const WORKERS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000];

/** Processor seconds of some work on one thread: what else the machine does meanwhile does not count. */
async function processorSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Measures on one thread of this machine; the least of some runs each. */
async function measure(sizes: Sizes, runs: number): Promise<Measured> {
  const workload = await prepare({ ...sizes, kind: "bilevel", order: 1, inputChannels: 3 }, { threads: 1 });
  for (let i = 0; i < WARM_UP; i++) workload.run();
  const steps: number[] = [];
  for (let run = 0; run < runs; run++) steps.push(await processorSeconds(() => workload.run()));
  workload.close();
  return { step: Math.min(...steps), ...await measureJoin(sizes, runs) };
}

async function measureJoin({ channels, cells, image }: Sizes, runs: number): Promise<Pick<Measured, "bytes" | "join">> {
  const engine = await Engine.start({ threads: 1 });
  const folder = await Deno.makeTempDir({ dir: "runs/bench" });
  try {
    const space = makeDartsSpace({ channels, cells, inputChannels: 3, height: image, width: image, classes: 10 });
    const method = createDarts(space);
    const network = engine.compile(buildSupernet(space), { batch: 2 });
    initialiseNetwork(network, 0);
    const alpha = method.initialAlpha(engine, 0);
    const tally = { loss: 0, correct: 0, count: 0 };
    const moments = { first: alpha, second: alpha, steps: 0 };
    const clock = { epoch: 0, step: 0, batchesTracked: 0, tally, partTallies: [tally] };
    const { tensors, progress } = encodeSearchState({ ...clock, space, alpha, moments, method: null }, method);
    const files = new RoundFiles(folder);
    const path = files.part({ round: 0, worker: 0 }, 1);
    const { bytes } = await files.write(path, {
      tensors: new Map([...collectNetwork(network, 0), ...tensors]),
      progress,
    });
    const mean = new MeanOfParts(network, { count: runs, hasMean: false });
    const seconds: number[] = [];
    for (let run = 0; run < runs; run++) {
      seconds.push(await processorSeconds(async () => mean.add(await files.read(path), method)));
    }
    return { bytes, join: Math.min(...seconds) };
  } finally {
    await Deno.remove(folder, { recursive: true });
    engine.close();
  }
}

/**
 * Seconds of a round: the steps of a share; the state down to each worker and a part up from each over one link; the coordinator
 * reads parts there, too, and adds one after another; the queue. Validation is the same for any number and left out.
 */
function roundSeconds(
  workers: number,
  { step, bytes, join }: Measured,
  { steps, bits }: { steps: number; bits: number },
) {
  const share = Math.floor(steps / workers);
  if (share < 1) return undefined;
  if (workers === 1) return share * step;
  return share * step + 3 * workers * bytes * 8 / bits + workers * join + QUEUE_SECONDS;
}

/** Workers from which on more make a round longer. */
function fastest(measured: Measured, { steps, bits }: { steps: number; bits: number }): number {
  let best = 1;
  for (let workers = 2; workers <= steps; workers++) {
    const [now, before] = [workers, best].map((count) => roundSeconds(count, measured, { steps, bits })!);
    if (now! < before!) best = workers;
  }
  return best;
}

/**
 * `rounds-model`: seconds of a round on K machines, from measured seconds of a step and of taking the mean, for several bandwidths of
 * the shared folder, and the K at which more machines stop paying.
 *
 * Options: --images N (of an epoch), --channels --cells --image --batch --runs, --step SECONDS (instead of that of one thread here).
 */
export async function benchRoundsModel(args: string[]): Promise<void> {
  const flags = parseArgs(args, {
    string: ["images", "channels", "cells", "image", "batch", "runs", "step"],
    default: { images: "1000000", channels: "16", cells: "8", image: "32", batch: "64", runs: "3" },
  });
  const sizes = {
    channels: Number(flags.channels),
    cells: Number(flags.cells),
    image: Number(flags.image),
    batch: Number(flags.batch),
  };
  await Deno.mkdir("runs/bench", { recursive: true });
  const runs = Number(flags.runs);
  const measured = flags.step
    ? { step: Number(flags.step), ...await measureJoin(sizes, runs) }
    : await measure(sizes, runs);
  const steps = Math.floor(Number(flags.images) / sizes.batch);
  const { step, bytes, join } = measured;
  console.log(
    `step ${step.toFixed(3)} s, state ${(bytes / 1e6).toFixed(2)} MB, adding a part ${(1000 * join).toFixed(0)} ms, ` +
      `${steps} steps an epoch\n`,
  );
  const names = BANDWIDTHS.map((bits) => `${bits / 1e9} Gbit/s`);
  console.log(
    `| machines | steps of each | ${names.join(" | ")} |\n| ---: | ---: | ${names.map(() => "---: |").join(" ")}`,
  );
  for (const workers of WORKERS) {
    const seconds = BANDWIDTHS.map((bits) => roundSeconds(workers, measured, { steps, bits })?.toFixed(1) ?? "");
    console.log(`| ${workers} | ${Math.floor(steps / workers)} | ${seconds.join(" | ")} |`);
  }
  console.log(`| fastest | | ${BANDWIDTHS.map((bits) => fastest(measured, { steps, bits })).join(" | ")} |`);
}
