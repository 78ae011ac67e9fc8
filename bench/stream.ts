import { parseArgs } from "@std/cli/parse-args";
import { pickPixels, pixelsInFile } from "../src/data/mod.ts";
import { Engine, type ImageStore } from "../src/engine/mod.ts";
import { buildDerivedNetwork } from "../src/spaces/mod.ts";
import { makeDartsSpace } from "../src/spaces/darts/space.ts";
import { DARTS_V2 } from "./genotypes.ts";
import { median } from "./median.ts";
import { benchPixels, MEAN, STD } from "./pixels.ts";
import { WARM_UP } from "./workload.ts";

/** Images of a set: more than a batch, so that each step reads others. */
const COUNT = 4096;
const FOLDER = "runs/bench";

/** A training step as real ones are, at a size of images. */
interface Step {
  readonly side: number;
  readonly batch: number;
}

const STEPS: readonly Step[] = [{ side: 32, batch: 64 }, { side: 96, batch: 16 }];

/**
 * `stream`: the same training steps of a derived network with images in memory and with images read from a file batch by batch, in turns
 * in one process; the network is small, so that reading weighs most.
 *
 * Options: --runs N (15), --channels N (8), --cells N (5), --threads N.
 */
export async function benchStream(args: string[]): Promise<void> {
  const flags = parseArgs(args, { string: ["runs", "channels", "cells", "threads"] });
  const [runs, channels, cells] = [Number(flags.runs ?? 15), Number(flags.channels ?? 8), Number(flags.cells ?? 5)];
  await Deno.mkdir(FOLDER, { recursive: true });
  for (const step of STEPS) {
    const engine = await Engine.start({ threads: flags.threads === undefined ? undefined : Number(flags.threads) });
    const path = await writeImages(step);
    const { resident, streamed } = timeStep(engine, step, { path, runs, channels, cells });
    await Deno.remove(path);
    engine.close();
    const milliseconds = [resident, streamed].map((seconds) => (1000 * seconds).toFixed(1));
    const loss = (100 * (streamed / resident - 1)).toFixed(1);
    console.log(
      `${step.side}x${step.side}, batch ${step.batch}, ${channels} channels, ${cells} cells: ${
        milliseconds[0]
      } ms resident, ` +
        `${milliseconds[1]} ms streamed, ${loss} % more (medians of ${runs} in turns)`,
    );
  }
}

async function writeImages({ side }: Step): Promise<string> {
  const path = `${FOLDER}/pixels-${side}.bin`;
  await Deno.writeFile(path, benchPixels(COUNT * side * side * 3));
  return path;
}

function timeStep(
  engine: Engine,
  { side, batch }: Step,
  { path, runs, channels, cells }: { path: string; runs: number; channels: number; cells: number },
): { resident: number; streamed: number } {
  const size = side * side * 3;
  const shape = { count: COUNT, height: side, width: side, channels: 3 };
  const file = pixelsInFile(path, { offset: 0, length: COUNT * size });
  const stores = {
    resident: engine.loadImages(file.read(0, file.length), shape),
    streamed: engine.streamImages(shape, (indices) => pickPixels(file, indices, size).read(0, indices.length * size)),
  };
  const space = makeDartsSpace({ channels, cells, inputChannels: 3, height: side, width: side, classes: 10 });
  const network = engine.compile(buildDerivedNetwork({ space, genotype: DARTS_V2, auxiliaryWeight: 0 }), { batch });
  network.initialise(0);
  const run = (images: ImageStore, step: number) => {
    const indices = engine.permutation(COUNT, 1, step).subarray(0, batch);
    const labels = indices.map((index) => index % 10);
    const augment = { cropPadding: 4, flip: true, cutout: 0 };
    const source = {
      images,
      indices,
      labels,
      mean: Array(3).fill(MEAN),
      std: Array(3).fill(STD),
      augment,
      seed: 0,
      epoch: step,
    };
    const start = performance.now();
    const { loss } = network.backward(source, { weightGradients: true });
    network.sgdStep({ learningRate: 0.025, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
    if (!Number.isFinite(loss)) throw new Error(`Cannot time a step: loss is ${loss}, expected a finite number`);
    return (performance.now() - start) / 1000;
  };
  const times = { resident: [] as number[], streamed: [] as number[] };
  for (let step = 0; step < WARM_UP + runs; step++) {
    for (const name of ["resident", "streamed"] as const) {
      const seconds = run(stores[name], step);
      if (step >= WARM_UP) times[name].push(seconds);
    }
  }
  file.close();
  return { resident: median(times.resident), streamed: median(times.streamed) };
}
