import { parseArgs } from "@std/cli/parse-args";
import type { Build, LaunchMode, ProfileRow } from "../src/engine/mod.ts";
import { describeMethodStep, timeMethodStep } from "./method_step.ts";
import { median } from "./median.ts";
import { type Stem, STEMS } from "../src/spaces/darts/space.ts";
import { type Circumstances, prepare, type Sizes, WARM_UP } from "./workload.ts";

/** A supernet and how to time it. */
export interface StepOptions extends Sizes, Circumstances {
  /** Timed steps. */
  runs: number;
  /** The derived network DARTS V2 with its auxiliary head and drop-path instead of the supernet. */
  isDerived?: boolean;
}

/** What a step took. */
export interface StepTiming {
  medianSeconds: number;
  minSeconds: number;
  maxSeconds: number;
  runs: number;
  /** Of the supernet's convolutions: three passes of two operations a multiply-add. */
  gflops: number;
  threads: number;
  build: Build;
  mode: LaunchMode;
  /** Of WebAssembly memory. */
  peakMemoryBytes: number;
  deno: string;
  v8: string;
  profile?: ProfileRow[];
}

/**
 * Times one forward + backward + update of a DARTS supernet or derived network, after a warm-up. The images are noise: time does not depend on
 * what they show.
 *
 * @throws {Error} If the loss is not finite: a wrong step has no time.
 */
export async function timeStep(options: StepOptions): Promise<StepTiming> {
  const { runs, isDerived = false, isProfiled = false } = options;
  const workload = await prepare({ ...options, kind: "step", isDerived }, options);
  for (let run = 0; run < WARM_UP; run++) workload.run();
  if (isProfiled) workload.startProfile();
  const seconds = Array.from({ length: runs }, () => workload.run());
  const medianSeconds = median(seconds);
  const timing = {
    medianSeconds,
    minSeconds: Math.min(...seconds),
    maxSeconds: Math.max(...seconds),
    runs: seconds.length,
    gflops: workload.operations / medianSeconds / 1e9,
    threads: workload.threads,
    build: workload.build,
    mode: workload.mode,
    peakMemoryBytes: workload.memoryBytes(),
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    ...(isProfiled ? { profile: workload.profile() } : {}),
  };
  workload.close();
  return timing;
}

/** One line about a timing. */
export function describeTiming(timing: StepTiming): string {
  const { medianSeconds, minSeconds, maxSeconds, runs, gflops, threads, build, mode, peakMemoryBytes } = timing;
  const spread = `median of ${runs}, ${minSeconds.toFixed(3)} to ${maxSeconds.toFixed(3)}`;
  return `${medianSeconds.toFixed(3)} s a step (${spread}), ${gflops.toFixed(1)} GFLOP/s, ` +
    `${threads} threads, ${build}, ${mode}, ${(peakMemoryBytes / 2 ** 20).toFixed(0)} MiB`;
}

/** A table of a profile: thread-seconds a step, share, and the rates of arithmetic and of memory traffic. */
export function describeProfile(profile: readonly ProfileRow[], runs: number): string {
  const total = profile.reduce((sum, row) => sum + row.seconds, 0);
  const rate = (amount: number, seconds: number) => amount > 0 ? (amount / seconds / 1e9).toFixed(1) : "";
  const rows = profile.filter((row) => row.seconds > 0).toSorted((a, b) => b.seconds - a.seconds).map((row) => [
    row.kind,
    (row.seconds / runs).toFixed(4),
    `${(100 * row.seconds / total).toFixed(1)} %`,
    rate(row.flops, row.seconds),
    rate(row.bytes, row.seconds),
  ]);
  const lines = [["kind of work", "thread-s", "share", "GFLOP/s", "GB/s"], ...rows];
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines.map((line) =>
    line.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join("  ")
  )
    .join("\n");
}

/**
 * `step`: times a supernet of any size.
 *
 * Options: --channels --cells --stem --batch --image --input-channels --threads --build --runs --memory (MiB) --derived
 * (DARTS V2 instead of the supernet) --profile --json. With --method NAME a search by it, of --epochs with --runs steps each, is held
 * against steps of darts in the same --space. Prints one line, or one JSON document, a {@linkcode StepTiming} or
 * `MethodStepTiming`.
 */
export async function benchStep(args: string[]): Promise<void> {
  const flags = parseArgs(args, {
    string: [
      "channels",
      "cells",
      "stem",
      "batch",
      "image",
      "input-channels",
      "threads",
      "build",
      "runs",
      "memory",
      "method",
      "space",
      "epochs",
    ],
    boolean: ["derived", "json", "profile"],
    default: { channels: "16", cells: "8", batch: "64", image: "32", "input-channels": "3", runs: "5" },
  });
  const sizes = {
    channels: Number(flags.channels),
    cells: Number(flags.cells),
    batch: Number(flags.batch),
    image: Number(flags.image),
    inputChannels: Number(flags["input-channels"]) as 1 | 3,
    runs: Number(flags.runs),
    ...(flags.stem ? { stem: checkStem(flags.stem) } : {}),
    ...(flags.threads ? { threads: Number(flags.threads) } : {}),
    ...(flags.build ? { build: flags.build as Build } : {}),
    ...(flags.memory ? { memoryBytes: Number(flags.memory) * 2 ** 20 } : {}),
  };
  if (flags.method !== undefined) {
    const { method, space = "darts", epochs = "16" } = flags;
    const timing = await timeMethodStep({ ...sizes, method, space, epochs: Number(epochs) });
    return console.log(flags.json ? JSON.stringify(timing, null, 2) : describeMethodStep(timing));
  }
  const timing = await timeStep({ ...sizes, isDerived: flags.derived, isProfiled: flags.profile });
  console.log(flags.json ? JSON.stringify(timing, null, 2) : describeTiming(timing));
  if (timing.profile && !flags.json) console.log(describeProfile(timing.profile, timing.runs));
}

function checkStem(name: string): Stem {
  if (STEMS.includes(name as Stem)) return name as Stem;
  throw new RangeError(`Cannot time a step: --stem is ${JSON.stringify(name)}, expected one of ${STEMS.join(", ")}`);
}
