import { parseArgs } from "@std/cli/parse-args";
import { pretrain, PRETRAIN_DEFAULTS, type PretrainOptions } from "../src/pipelines/mod.ts";
import { openQueue, work } from "../src/queue/mod.ts";
import { DILOCO, ROUND_KIND, RoundFiles, RoundWorker } from "../src/rounds/mod.ts";
import { readJson, writeJson } from "../src/run/mod.ts";
import { type EpochRecord, Session } from "../src/stages/mod.ts";

/** Where runs of a simulation are kept. */
const FOLDER = "runs/bench/rounds";
const VERSION = "simulation";

/** How a round's mean becomes the next weights, by a name for tables. */
const OUTER = {
  mean: { outerLearningRate: 1, outerMomentum: 0 },
  diloco: { outerLearningRate: DILOCO.learningRate, outerMomentum: DILOCO.momentum },
} as const;

interface Arm {
  readonly workers: number;
  readonly outer: keyof typeof OUTER;
}

interface Simulated extends Arm {
  readonly curve: readonly EpochRecord[];
}

/** Runs a pretraining in rounds, its workers one after the other in this process. */
async function simulate({ workers, outer }: Arm, options: PretrainOptions): Promise<Simulated> {
  const out = `${FOLDER}/${outer}-${workers}-${options.sharing.imagesPerEpoch}`;
  const known = await readJson(`${out}/result.json`) as Simulated | undefined;
  if (known !== undefined) return { workers, outer, curve: known.curve };
  const configuration = { ...options, rounds: { ...options.rounds, workers, ...OUTER[outer] } };
  await using session = await Session.start({ command: "pretrain", out, configuration, threads: 1, resume: true });
  const queue = await openQueue(`folder:${new RoundFiles(out).queue}`);
  const worker = new RoundWorker({ out, threads: 1, version: VERSION });
  const stop = new AbortController();
  const serving = work(queue, {
    name: "worker",
    handlers: { [ROUND_KIND]: (job, context) => worker.run(job, context) },
    signal: stop.signal,
    renewSeconds: 10,
    idleSeconds: 0.05,
  });
  try {
    // Parts come one after the other here: none is late.
    const machines = { queue, version: VERSION, timeoutSeconds: 86_400 };
    const { curve } = await pretrain(session, configuration, machines);
    return { workers, outer, curve };
  } finally {
    stop.abort();
    await serving;
    await worker.close();
  }
}

/**
 * `rounds`: validation accuracy of a small pretraining in rounds over images seen and bytes sent, for several numbers of workers, each
 * round with the images of an epoch. Finished runs below runs/bench/rounds are not run again.
 *
 * Options: --data --workers K[,K…] --outer NAME[,NAME…] --rounds --images --channels --cells --nodes --batch --json FILE.
 */
export async function benchRounds(args: string[]): Promise<void> {
  const flags = parseArgs(args, {
    string: ["data", "workers", "outer", "rounds", "images", "channels", "cells", "nodes", "batch", "json"],
    default: {
      data: "fashion-mnist-12k,uci-digits",
      workers: "1,2,4,8",
      outer: "mean,diloco",
      rounds: "10",
      images: "512",
      channels: "4",
      cells: "3",
      nodes: "2",
      batch: "16",
    },
  });
  const number = (name: "rounds" | "images" | "channels" | "cells" | "nodes" | "batch") => Number(flags[name]);
  const sizes = { channels: number("channels"), cells: number("cells"), nodes: number("nodes") };
  const options: PretrainOptions = {
    ...PRETRAIN_DEFAULTS,
    data: flags.data,
    entry: { name: "simulated", zoo: `${FOLDER}/zoo` },
    sizes: { ...PRETRAIN_DEFAULTS.sizes, ...sizes },
    search: { ...PRETRAIN_DEFAULTS.search, batch: number("batch"), patience: 0 },
    sharing: { sampling: "balanced", imagesPerEpoch: number("images"), validationImages: 300 },
    rounds: { count: number("rounds") },
  };
  const found: Simulated[] = [];
  for (const outer of flags.outer.split(",") as Arm["outer"][]) {
    for (const workers of flags.workers.split(",").map(Number)) {
      found.push(await simulate({ workers, outer }, options));
      console.error(describe(found.at(-1)!));
    }
  }
  console.log([HEADER, ...found.map(describe)].join("\n"));
  if (flags.json) await writeJson(flags.json, found);
}

/** Shares of the rounds after which accuracy is told. */
const MOMENTS = [0.2, 0.4, 0.6, 0.8, 1];
const HEADER = [
  `| workers | outer step | ${MOMENTS.map((share) => `after ${100 * share} % of the images`).join(" | ")} | MB sent |`,
  `| ---: | --- | ${MOMENTS.map(() => "---: |").join(" ")} ---: |`,
].join("\n");

/** A row of the table: accuracies on held-out images, in percent, and what crossed the network in all. */
function describe({ workers, outer, curve }: Simulated): string {
  const accuracies = MOMENTS.map((share) => 100 * curve[Math.round(share * curve.length) - 1]!.validAccuracy!);
  const bytes = curve.reduce((sum, { round }) => sum + round!.bytesDown + round!.bytesUp, 0);
  const cells = [
    workers,
    outer,
    ...accuracies.map((accuracy) => accuracy.toFixed(1)),
    (bytes / 1e6).toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}
