/**
 * Times one training step of DARTS' supernet (batch assembly, forward, backward, clipping, update), beside PyTorch on the
 * same cores where `python3` has it.
 *
 *     deno task bench [--threads N] [--build strict|relaxed|single] [--runs N] [--only NAME] [--no-peers] [--json]
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { fileURLToPath } from "node:url";
import { type Build, Engine } from "../src/engine/mod.ts";
import { buildSupernet, makeSpace } from "../src/network/mod.ts";

interface Configuration {
  name: string;
  channels: number;
  cells: number;
  batch: number;
  image: number;
  inputChannels: 1 | 3;
}

/** The supernet of the DARTS paper on 32×32 colour images, and the small one that searches here use. */
const CONFIGURATIONS: readonly Configuration[] = [
  { name: "paper", channels: 16, cells: 8, batch: 64, image: 32, inputChannels: 3 },
  { name: "small", channels: 8, cells: 5, batch: 64, image: 28, inputChannels: 1 },
];

interface Timing {
  /** Of all timed steps, seconds. */
  medianSeconds: number;
  minSeconds: number;
  maxSeconds: number;
  /** WebAssembly memory in use, bytes. */
  memoryBytes: number;
}

/** Steps before the timed ones: the runtime compiles the kernels' hot code in them. */
const WARM_UP = 2;

function timeRootstock(size: Configuration, engine: Engine, runs: number): Timing {
  const { channels, cells, batch, image, inputChannels } = size;
  const space = makeSpace({ channels, cells, classes: 10, height: image, width: image, inputChannels });
  const network = engine.compile(buildSupernet(space), { batch });
  network.initialise(1);
  network.setMixing(new Float32Array(network.mixingCount).fill(1 / 8));
  const pixels = new Uint8Array(batch * image * image * inputChannels);
  // The generator fills at most 64 KiB a call.
  for (let i = 0; i < pixels.length; i += 65536) crypto.getRandomValues(pixels.subarray(i, i + 65536));
  const images = engine.loadImages(pixels, { count: batch, height: image, width: image, channels: inputChannels });
  const indices = Uint32Array.from({ length: batch }, (_, i) => i);
  const labels = indices.map((i) => i % 10);
  const mean = Array<number>(inputChannels).fill(0.5);
  const std = Array<number>(inputChannels).fill(0.25);

  const seconds: number[] = [];
  for (let step = 0; step < WARM_UP + runs; step++) {
    const start = performance.now();
    const source = { images, indices, labels, mean, std, seed: 0, epoch: step };
    const { loss } = network.backward(source, { weightGradients: true });
    network.sgdStep({ learningRate: 0.025, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
    if (!Number.isFinite(loss)) throw new Error(`Cannot time ${size.name}: loss is ${loss}, expected a finite number`);
    if (step >= WARM_UP) seconds.push((performance.now() - start) / 1000);
  }
  seconds.sort((a, b) => a - b);
  return {
    medianSeconds: seconds[seconds.length >> 1]!,
    minSeconds: seconds[0]!,
    maxSeconds: seconds.at(-1)!,
    memoryBytes: engine.memoryBytes(),
  };
}

interface PeerTiming {
  medianSeconds: number;
  torchVersion: string;
  layout: string;
}

/** The same step in PyTorch; undefined where it is not installed. */
async function timePyTorch(size: Configuration, threads: number, runs: number): Promise<PeerTiming | undefined> {
  const script = fileURLToPath(new URL("peers/pytorch_step.py", import.meta.url));
  const { channels, cells, batch, image, inputChannels } = size;
  const flags = { channels, cells, batch, image, "input-channels": inputChannels, threads, runs };
  try {
    const { success, stdout } = await new Deno.Command("python3", {
      args: [script, ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)])],
      stderr: "null",
    }).output();
    return success ? JSON.parse(new TextDecoder().decode(stdout)) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

async function main(): Promise<void> {
  const options = parseArgs(Deno.args, {
    string: ["build", "only"],
    boolean: ["json", "peers"],
    negatable: ["peers"],
    default: { runs: 5, peers: true },
    unknown: (arg) => {
      if (arg.startsWith("-") && !/^--(threads|runs)\b/.test(arg)) throw new Error(`Unknown flag ${arg}`);
    },
  });
  const runs: number = options.runs;
  const rows = [];
  for (const size of CONFIGURATIONS) {
    if (options.only && options.only !== size.name) continue;
    const engine = await Engine.start({
      ...(options.build ? { build: options.build as Build } : {}),
      ...(options.threads ? { threads: options.threads as number } : {}),
    });
    const { build, threads, mode } = engine;
    const timing = timeRootstock(size, engine, runs);
    engine.close();
    const pytorch = options.peers ? await timePyTorch(size, threads, runs) : undefined;
    const ratio = pytorch && pytorch.medianSeconds / timing.medianSeconds;
    rows.push({ ...size, build, threads, mode, runs, ...timing, pytorch, ratio });
    if (!options.json) {
      const shape =
        `C=${size.channels} ${size.cells} cells, batch ${size.batch}, ${size.image}×${size.image}×${size.inputChannels}`;
      const spread = `${timing.minSeconds.toFixed(3)} to ${timing.maxSeconds.toFixed(3)}`;
      const peer = pytorch
        ? `PyTorch ${pytorch.torchVersion} (${pytorch.layout}) ${pytorch.medianSeconds.toFixed(3)} s: ${
          ratio!.toFixed(2)
        } times faster`
        : "PyTorch: not measured";
      console.log(`${size.name.padEnd(6)} ${shape}, ${build}, ${threads} threads, ${mode} mode`);
      console.log(
        `       median ${timing.medianSeconds.toFixed(3)} s of ${runs} steps (${spread}), ${
          (timing.memoryBytes / 2 ** 20).toFixed(0)
        } MiB`,
      );
      console.log(`       ${peer}`);
    }
  }
  if (options.json) console.log(JSON.stringify({ rows }, null, 2));
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
