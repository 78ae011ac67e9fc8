import { Engine, type Network } from "../src/engine/mod.ts";
import { cosinePlan, initialiseNetwork } from "../src/network/mod.ts";
import { everyImage, type ImageSampler } from "../src/batches/mod.ts";
import { buildSupernet, makeSpace, type Space } from "../src/spaces/mod.ts";
import { BilevelSearch, createMethod, DARTS_SETTINGS, methodRow, spaceForMethod } from "../src/search/mod.ts";
import { benchPixels, MEAN, STD } from "./pixels.ts";
import { type Circumstances, type Sizes, WARM_UP } from "./workload.ts";

/** Two methods on the same supernet. */
export interface MethodStepOptions extends Sizes, Circumstances {
  /** Name of the method that is held against `darts`. */
  method: string;
  /** Kind of space. */
  space: string;
  /** Epochs of its search, over which a step is averaged: methods rest, shrink and measure in some of them. */
  epochs: number;
  /** Steps of an epoch. */
  runs: number;
}

/** What steps took. */
export interface MethodStepTiming {
  method: string;
  /** Mean over the search. */
  seconds: number;
  /** Of `darts`, its steps taken in turn with the method's. */
  dartsSeconds: number;
  /** Of the two. */
  ratio: number;
  /** That of each epoch. */
  ratios: number[];
  steps: number;
}

/**
 * Times a whole search by a method, of few steps an epoch, in turn with steps of `darts` in the same space: whatever else the machine does
 * meets both. What an epoch's end measures counts; compiling a smaller supernet does not, nor do validations, of which there are none.
 *
 * @throws {RangeError} If there is no such method or space.
 */
export async function timeMethodStep(options: MethodStepOptions): Promise<MethodStepTiming> {
  const { method, epochs, runs, build, threads } = options;
  // An engine each: both supernets may fill the memory of one.
  const start = () => Engine.start({ ...(build && { build }), ...(threads && { threads }) });
  const engines = [await start(), await start()] as const;
  const darts = prepareSearch(engines[0], { ...options, method: "darts" }, {
    epochs: 1,
    runs: WARM_UP + epochs * runs,
  });
  const warm = prepareSearch(engines[1], options, { epochs: 1, runs: WARM_UP + 1 });
  for (let run = 0; run < WARM_UP; run++) [darts, warm].forEach(({ step }) => step());
  warm.free();
  const other = prepareSearch(engines[1], options, { epochs, runs });
  const rows = Array.from({ length: epochs }, () => {
    const row = { own: 0, darts: 0 };
    for (let run = 0; run < runs; run++) {
      row.darts += darts.step();
      row.own += other.step();
    }
    row.own += other.end();
    return row;
  });
  engines.forEach((engine) => engine.close());
  const [own, theirs] = [rows.reduce((sum, row) => sum + row.own, 0), rows.reduce((sum, row) => sum + row.darts, 0)];
  const steps = epochs * runs;
  const ratios = rows.map((row) => row.own / row.darts);
  return { method, seconds: own / steps, dartsSeconds: theirs / steps, ratio: own / theirs, ratios, steps };
}

/** One line about it. */
export function describeMethodStep({ method, seconds, dartsSeconds, ratio, ratios, steps }: MethodStepTiming): string {
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((value) => value.toFixed(2));
  return `${method}: ${seconds.toFixed(3)} s a step, darts ${dartsSeconds.toFixed(3)} s: ` +
    `${ratio.toFixed(2)} of it over ${steps} steps (epochs from ${least} to ${most})`;
}

interface TimedSearch {
  /** Takes a step; seconds. */
  step(): number;
  /** Ends an epoch; seconds, without compiling. */
  end(): number;
  free(): void;
}

/** The images of all epochs are the same, and so is their number: a batch for each step. */
function sameImages(count: number): ImageSampler {
  return everyImage(Uint32Array.from({ length: count }, (_, i) => i));
}

function prepareSearch(
  engine: Engine,
  { method: name, space: kind, channels, cells, batch, image, inputChannels, stem, memoryBytes }: MethodStepOptions,
  { epochs, runs }: { epochs: number; runs: number },
): TimedSearch {
  const sizes = kind === "darts" ? { channels, cells } : { channels, cellsPerStage: cells };
  const images = { classes: 10, inputChannels, height: image, width: image };
  const whole = makeSpace({ name: kind, ...sizes, ...(stem && { stem }), ...images });
  const space = spaceForMethod(name, whole);
  const compile = (space: Space) => engine.compile(buildSupernet(space), { batch, memoryBytes });
  let network: Network = compile(space);
  initialiseNetwork(network, 0);
  let compiling = 0;
  const rebuild = (space: Space) => {
    const start = performance.now();
    network.free();
    network = compile(space);
    compiling += performance.now() - start;
    return { network, method: createMethod(name, space) };
  };
  const count = runs * batch;
  const pixels = benchPixels(count * image * image * inputChannels);
  const labels = Uint32Array.from({ length: count }, (_, i) => i % 10);
  const norms = { mean: Array(inputChannels).fill(MEAN), std: Array(inputChannels).fill(STD) };
  const method = createMethod(name, space);
  const search = new BilevelSearch({
    engine,
    network,
    space,
    method,
    rebuild,
    alpha: method.initialAlpha(engine, 0),
    data: {
      images: engine.loadImages(pixels, { count, height: image, width: image, channels: inputChannels }),
      count,
      parts: [{ first: 0, labels, classes: 10, firstClass: 0, ...norms }],
    },
    split: { weights: sameImages(count), alpha: sameImages(count), validation: [] },
    augment: { cropPadding: 4, flip: true, cutout: 0 },
    settings: { ...DARTS_SETTINGS, ...methodRow(name).settings, batch },
    plan: cosinePlan({ epochs, first: 0.025, last: 0.001 }),
    seed: 0,
  });
  const timed = (work: () => void) => {
    const before = compiling;
    const start = performance.now();
    work();
    return (performance.now() - start - (compiling - before)) / 1000;
  };
  return {
    step: () => timed(() => search.takeStep()),
    end: () => timed(() => search.finishEpoch()),
    free: () => network.free(),
  };
}
