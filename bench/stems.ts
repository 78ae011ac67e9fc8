import { parseArgs } from "@std/cli/parse-args";
import type { Stem } from "../src/spaces/darts/space.ts";
import { median } from "./median.ts";
import { prepare, type Sizes, WARM_UP, type Workload } from "./workload.ts";

/** A side in pixels and the stem that reads it; the first is what the others are measured by. */
const SIDES: readonly { readonly image: number; readonly stem: Stem }[] = [
  { image: 32, stem: "cifar" },
  { image: 64, stem: "stride2" },
  { image: 96, stem: "stride4" },
  { image: 128, stem: "stride4" },
  { image: 224, stem: "imagenet" },
];

interface Row {
  image: number;
  stem: Stem;
  medianSeconds: number;
  minSeconds: number;
  /** Of the fastest step to that of the first row: what else the machine does can only slow a step. */
  ratio: number;
  memoryBytes: number;
}

interface Options {
  isDerived: boolean;
  runs: number;
  threads?: number;
}

/** Times steps of all stems in turn, round by round. */
async function timeStems(sizes: Omit<Sizes, "image">, { isDerived, ...options }: Options): Promise<Row[]> {
  const workloads: Workload[] = [];
  for (const side of SIDES) workloads.push(await prepare({ ...sizes, ...side, kind: "step", isDerived }, options));
  for (const workload of workloads) for (let run = 0; run < WARM_UP; run++) workload.run();
  const rounds = Array.from({ length: options.runs }, () => workloads.map((workload) => workload.run()));
  const rows = SIDES.map((side, i) => {
    const seconds = rounds.map((round) => round[i]!);
    const [minSeconds, first] = [Math.min(...seconds), Math.min(...rounds.map((round) => round[0]!))];
    const memoryBytes = workloads[i]!.memoryBytes();
    return { ...side, medianSeconds: median(seconds), minSeconds, ratio: minSeconds / first, memoryBytes };
  });
  for (const workload of workloads) workload.close();
  return rows;
}

/**
 * `stems`: times a step of each stem beside one on 32×32 pixels with that of CIFAR, of supernet and derived network.
 *
 * Options: --channels --cells --batch --runs --threads --json.
 */
export async function benchStems(args: string[]): Promise<void> {
  const flags = parseArgs(args, {
    string: ["channels", "cells", "batch", "runs", "threads"],
    boolean: ["json"],
    default: { channels: "16", cells: "8", batch: "16", runs: "5" },
  });
  const [channels, cells, batch, runs] = [flags.channels, flags.cells, flags.batch, flags.runs].map(Number);
  const sizes = { channels: channels!, cells: cells!, batch: batch!, inputChannels: 3 } as const;
  const result: Record<string, Row[]> = {};
  for (const isDerived of [false, true]) {
    const threads = flags.threads ? { threads: Number(flags.threads) } : {};
    result[isDerived ? "derived" : "supernet"] = await timeStems(sizes, { isDerived, runs: runs!, ...threads });
  }
  if (flags.json) return console.log(JSON.stringify({ ...sizes, runs, ...result }, null, 2));
  for (const [name, rows] of Object.entries(result)) {
    for (const { image, stem, medianSeconds, minSeconds, ratio, memoryBytes } of rows) {
      const seconds = `${minSeconds.toFixed(3)} s (median ${medianSeconds.toFixed(3)})`;
      const size = `${(memoryBytes / 2 ** 20).toFixed(0)} MiB`;
      const side = `${image}×${image}`.padStart(7);
      console.log([name.padEnd(8), side, stem.padEnd(8), seconds, `ratio ${ratio.toFixed(2)}`, size].join("  "));
    }
  }
}
