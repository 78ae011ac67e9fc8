import { parseArgs } from "@std/cli/parse-args";
import { type Build, Engine, type LaunchMode, type ProfileRow } from "../src/engine/mod.ts";
import {
  buildDerivedNetwork,
  buildSupernet,
  costOfDerivedNetwork,
  costOfSupernet,
  makeSpace,
} from "../src/network/mod.ts";
import { DARTS_V2 } from "./genotypes.ts";

/** A supernet and how to time it. */
export interface StepOptions {
  channels: number;
  cells: number;
  batch: number;
  /** Side in pixels. */
  image: number;
  inputChannels: 1 | 3;
  /** Timed steps. */
  runs: number;
  threads?: number;
  build?: Build;
  /** Bound of activations, bytes. */
  memoryBytes?: number;
  /** The derived network DARTS V2 with its auxiliary head and drop-path instead of the supernet. */
  isDerived?: boolean;
  /** Whether to take a profile, too. */
  isProfiled?: boolean;
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

/** Steps before the timed ones: tier-up of the kernels to optimised code happens in them. */
const WARM_UP = 2;

/**
 * Times one forward + backward + update of a DARTS supernet or derived network, after a warm-up. The images are noise: time does not depend on
 * what they show.
 *
 * @throws {Error} If the loss is not finite: a wrong step has no time.
 */
export async function timeStep(options: StepOptions): Promise<StepTiming> {
  const { channels, cells, batch, image: side, inputChannels, runs, threads, build, memoryBytes } = options;
  const { isDerived = false, isProfiled = false } = options;
  const space = makeSpace({ channels, cells, inputChannels, height: side, width: side, classes: 10 });
  const engine = await Engine.start({ ...(build ? { build } : {}), ...(threads ? { threads } : {}) });
  const derived = { space, genotype: DARTS_V2, auxiliaryWeight: 0.4 };
  const program = isDerived ? buildDerivedNetwork(derived) : buildSupernet(space);
  const network = engine.compile(program, { batch, ...(memoryBytes ? { memoryBytes } : {}) });
  network.initialise(0);
  network.setMixing(new Float32Array(network.mixingCount).fill(1 / 8));
  const pixels = new Uint8Array(batch * side * side * inputChannels);
  for (let at = 0; at < pixels.length; at += 65_536) crypto.getRandomValues(pixels.subarray(at, at + 65_536));
  const images = engine.loadImages(pixels, { count: batch, height: side, width: side, channels: inputChannels });
  const indices = Uint32Array.from({ length: batch }, (_, i) => i);
  const labels = indices.map((i) => i % 10);
  const [mean, std] = [Array(inputChannels).fill(0.5), Array(inputChannels).fill(0.25)];
  const seconds: number[] = [];
  for (let run = -WARM_UP; run < runs; run++) {
    if (run === 0 && isProfiled) network.setProfiled(true);
    const start = performance.now();
    const source = { images, indices, labels, mean, std, seed: 0, epoch: 0 };
    const { loss } = network.backward(source, { weightGradients: true, ...(isDerived && { dropPath: 0.2 }) });
    network.sgdStep({ learningRate: 0.025, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
    if (run >= 0) seconds.push((performance.now() - start) / 1000);
    if (!Number.isFinite(loss)) throw new Error(`Cannot time a step: loss is ${loss}, expected a finite number`);
  }
  const sorted = seconds.toSorted((a, b) => a - b);
  const medianSeconds = sorted[Math.floor(sorted.length / 2)]!;
  const { multiplyAdds } = isDerived ? costOfDerivedNetwork(derived) : costOfSupernet(space);
  const operations = 3 * 2 * multiplyAdds * batch;
  const timing = {
    medianSeconds,
    minSeconds: sorted[0]!,
    maxSeconds: sorted.at(-1)!,
    runs: seconds.length,
    gflops: operations / medianSeconds / 1e9,
    threads: engine.threads,
    build: engine.build,
    mode: engine.mode,
    peakMemoryBytes: engine.memoryBytes(),
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    ...(isProfiled ? { profile: network.profile() } : {}),
  };
  engine.close();
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
 * Options: --channels --cells --batch --image --input-channels --threads --build --runs --memory (MiB) --derived
 * (DARTS V2 instead of the supernet) --profile --json. Prints one line,
 * or one JSON document, a {@linkcode StepTiming}.
 */
export async function benchStep(args: string[]): Promise<void> {
  const flags = parseArgs(args, {
    string: ["channels", "cells", "batch", "image", "input-channels", "threads", "build", "runs", "memory"],
    boolean: ["derived", "json", "profile"],
    default: { channels: "16", cells: "8", batch: "64", image: "32", "input-channels": "3", runs: "5" },
  });
  const timing = await timeStep({
    channels: Number(flags.channels),
    cells: Number(flags.cells),
    batch: Number(flags.batch),
    image: Number(flags.image),
    inputChannels: Number(flags["input-channels"]) as 1 | 3,
    runs: Number(flags.runs),
    isDerived: flags.derived,
    isProfiled: flags.profile,
    ...(flags.threads ? { threads: Number(flags.threads) } : {}),
    ...(flags.build ? { build: flags.build as Build } : {}),
    ...(flags.memory ? { memoryBytes: Number(flags.memory) * 2 ** 20 } : {}),
  });
  console.log(flags.json ? JSON.stringify(timing, null, 2) : describeTiming(timing));
  if (timing.profile && !flags.json) console.log(describeProfile(timing.profile, timing.runs));
}
