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
  /** Median of the ratios to the first row's step of the same round. */
  ratio: number;
  memoryBytes: number;
}

/** Times steps of all stems in turn, round by round: what else the machine does slows all of them alike. */
async function timeStems(sizes: Omit<Sizes, "image">, options: { isDerived: boolean; runs: number }): Promise<Row[]> {
  const workloads: Workload[] = [];
  for (const side of SIDES) workloads.push(await prepare({ ...sizes, ...side, kind: "step", ...options }));
  for (const workload of workloads) for (let run = 0; run < WARM_UP; run++) workload.run();
  const rounds = Array.from({ length: options.runs }, () => workloads.map((workload) => workload.run()));
  const rows = SIDES.map((side, i) => ({
    ...side,
    medianSeconds: median(rounds.map((round) => round[i]!)),
    ratio: median(rounds.map((round) => round[i]! / round[0]!)),
    memoryBytes: workloads[i]!.memoryBytes(),
  }));
  for (const workload of workloads) workload.close();
  return rows;
}

/**
 * `stems`: times a step of each stem beside one on 32×32 pixels with that of CIFAR, of supernet and derived network.
 *
 * Options: --channels --cells --batch --runs --json.
 */
export async function benchStems(args: string[]): Promise<void> {
  const flags = parseArgs(args, {
    string: ["channels", "cells", "batch", "runs"],
    boolean: ["json"],
    default: { channels: "16", cells: "8", batch: "16", runs: "5" },
  });
  const [channels, cells, batch, runs] = [flags.channels, flags.cells, flags.batch, flags.runs].map(Number);
  const sizes = { channels: channels!, cells: cells!, batch: batch!, inputChannels: 3 } as const;
  const result: Record<string, Row[]> = {};
  for (const isDerived of [false, true]) {
    result[isDerived ? "derived" : "supernet"] = await timeStems(sizes, { isDerived, runs: runs! });
  }
  if (flags.json) return console.log(JSON.stringify({ ...sizes, runs, ...result }, null, 2));
  for (const [name, rows] of Object.entries(result)) {
    for (const { image, stem, medianSeconds, ratio, memoryBytes } of rows) {
      const cells = [name.padEnd(8), `${image}×${image}`.padStart(7), stem.padEnd(8), `${medianSeconds.toFixed(3)} s`];
      console.log([...cells, `ratio ${ratio.toFixed(2)}`, `${(memoryBytes / 2 ** 20).toFixed(0)} MiB`].join("  "));
    }
  }
}
