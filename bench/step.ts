import { parseArgs } from "@std/cli/parse-args";
import { type Build, Engine } from "../src/engine/mod.ts";
import { buildSupernet, costOfSupernet, countMixing, makeSpace } from "../src/network/mod.ts";

/**
 * Times one forward + backward + update of a DARTS supernet, after a warm-up.
 *
 * Options: --channels --cells --batch --image --input-channels --threads --build --runs --memory (MiB) --json. The images are
 * noise: time does not depend on what they show. Prints one line, or one JSON document with medianSeconds, minSeconds, runs,
 * gflops (of the supernet's convolutions: three passes of two operations a multiply-add), threads, build, mode,
 * peakMemoryBytes.
 */
export async function benchStep(args: string[]): Promise<void> {
  const flags = parseArgs(args, {
    string: ["channels", "cells", "batch", "image", "input-channels", "threads", "build", "runs", "memory"],
    boolean: ["json"],
    default: { channels: "16", cells: "8", batch: "64", image: "32", "input-channels": "3", runs: "5" },
  });
  const [batch, side, inputChannels] = [Number(flags.batch), Number(flags.image), Number(flags["input-channels"])];
  const space = makeSpace({
    channels: Number(flags.channels),
    cells: Number(flags.cells),
    inputChannels: inputChannels as 1 | 3,
    height: side,
    width: side,
    classes: 10,
  });
  const engine = await Engine.start({
    ...(flags.build ? { build: flags.build as Build } : {}),
    ...(flags.threads ? { threads: Number(flags.threads) } : {}),
  });
  const network = engine.compile(buildSupernet(space), {
    batch,
    ...(flags.memory ? { memoryBytes: Number(flags.memory) * 2 ** 20 } : {}),
  });
  network.initialise(0);
  network.setMixing(new Float32Array(countMixing(space)).fill(1 / 8));
  const pixels = new Uint8Array(batch * side * side * inputChannels);
  for (let at = 0; at < pixels.length; at += 65_536) crypto.getRandomValues(pixels.subarray(at, at + 65_536));
  const images = engine.loadImages(pixels, { count: batch, height: side, width: side, channels: inputChannels });
  const indices = Uint32Array.from({ length: batch }, (_, i) => i);
  const labels = indices.map((i) => i % 10);
  const [mean, std] = [Array(inputChannels).fill(0.5), Array(inputChannels).fill(0.25)];
  const seconds: number[] = [];
  // Tier-up of the kernels to optimised code happens in the first steps.
  const warmUp = 2;
  for (let run = -warmUp; run < Number(flags.runs); run++) {
    const start = performance.now();
    network.backward({ images, indices, labels, mean, std, seed: 0, epoch: 0 }, { weightGradients: true });
    network.sgdStep({ learningRate: 0.025, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
    if (run >= 0) seconds.push((performance.now() - start) / 1000);
  }
  const sorted = seconds.toSorted((a, b) => a - b);
  const medianSeconds = sorted[Math.floor(sorted.length / 2)]!;
  const operations = 3 * 2 * costOfSupernet(space).multiplyAdds * batch;
  const result = {
    medianSeconds,
    minSeconds: sorted[0]!,
    runs: seconds.length,
    gflops: operations / medianSeconds / 1e9,
    threads: engine.threads,
    build: engine.build,
    mode: engine.mode,
    peakMemoryBytes: engine.memoryBytes(),
    deno: Deno.version.deno,
    v8: Deno.version.v8,
  };
  engine.close();
  console.log(
    flags.json
      ? JSON.stringify(result, null, 2)
      : `${medianSeconds.toFixed(3)} s a step (median of ${seconds.length}), ${result.gflops.toFixed(1)} GFLOP/s, ` +
        `${engine.threads} threads, ${engine.build}, ${engine.mode}, ${
          (engine.memoryBytes() / 2 ** 20).toFixed(0)
        } MiB`,
  );
}
