import { type Build, Engine, type LaunchMode, type Network, type ProfileRow } from "../src/engine/mod.ts";
import { cosinePlan, initialiseNetwork, loadState } from "../src/network/mod.ts";
import { buildDerivedNetwork, buildSupernet, costOfDerivedNetwork, costOfSupernet } from "../src/spaces/mod.ts";
import { type DartsSpace, makeDartsSpace, type Stem } from "../src/spaces/darts/space.ts";
import { BilevelSearch, createDarts, DARTS_SETTINGS } from "../src/search/mod.ts";
import { everyImage } from "../src/batches/mod.ts";
import { DARTS_V2 } from "./genotypes.ts";
import { readModel } from "./model.ts";
import { benchPixels, MEAN, STD } from "./pixels.ts";

/** Sizes of a network and its batches. */
export interface Sizes {
  channels: number;
  cells: number;
  batch: number;
  /** Side in pixels. */
  image: number;
  inputChannels: 1 | 3;
  /** That of CIFAR if left out. */
  stem?: Stem;
}

/** How to run it. */
export interface Circumstances {
  threads?: number;
  build?: Build;
  /** Bound of activations, bytes. */
  memoryBytes?: number;
  /** Whether to take a profile, too. */
  isProfiled?: boolean;
}

/** What can be timed, as plain data: a process of its own is told by JSON. */
export type Work =
  & Sizes
  & (
    /** One forward + backward + update, of the supernet or of the derived network DARTS V2 with auxiliary head and drop-path. */
    | { kind: "step"; isDerived?: boolean; isAugmented?: boolean; model?: string }
    /** One step of the bilevel search: alpha, then the weights. */
    | { kind: "bilevel"; order: 1 | 2 }
    /** Logits of a batch by a derived network with running statistics, as `model` holds it. */
    | { kind: "inference"; model: string }
  );

/** Something prepared that can be run again and again. */
export interface Workload {
  readonly build: Build;
  readonly mode: LaunchMode;
  readonly threads: number;
  /** Floating-point operations of the convolutions in a run. */
  readonly operations: number;
  /** Runs it once; seconds. */
  run(): number;
  /** Bytes of WebAssembly memory so far, which is the peak. */
  memoryBytes(): number;
  /** Starts the profile from zero. */
  startProfile(): void;
  /** Profile of the runs since then. */
  profile(): ProfileRow[];
  close(): void;
}

/**
 * Runs before the timed ones: tier-up of the kernels to optimised code happens in them.
 */
export const WARM_UP = 2;

/**
 * Prepares a workload, without running it.
 *
 * @throws {Error} If sizes do not fit, or later, if a loss is not finite: wrong work has no time.
 */
export async function prepare(work: Work, circumstances: Circumstances = {}): Promise<Workload> {
  const { build, threads, memoryBytes } = circumstances;
  const engine = await Engine.start({ ...(build ? { build } : {}), ...(threads ? { threads } : {}) });
  const { channels, cells, image, inputChannels, stem = "cifar" } = work;
  const space = makeDartsSpace({ channels, cells, stem, inputChannels, height: image, width: image, classes: 10 });
  const prepared = await prepareRun(engine, work, { space, ...(memoryBytes ? { memoryBytes } : {}) });
  const { network, operations, run } = prepared;
  return {
    build: engine.build,
    mode: engine.mode,
    threads: engine.threads,
    operations,
    run() {
      const start = performance.now();
      const loss = run();
      const seconds = (performance.now() - start) / 1000;
      if (!Number.isFinite(loss)) {
        throw new Error(`Cannot time ${work.kind}: loss is ${loss}, expected a finite number`);
      }
      return seconds;
    },
    memoryBytes: () => engine.memoryBytes(),
    startProfile: () => network.setProfiled(true),
    profile: () => network.profile(),
    close: () => engine.close(),
  };
}

interface Prepared {
  network: Network;
  operations: number;
  /** Runs once; the loss, or any finite number where there is none. */
  run: () => number;
}

async function prepareRun(
  engine: Engine,
  work: Work,
  { space, ...bound }: { space: DartsSpace; memoryBytes?: number },
): Promise<Prepared> {
  const { batch, image: side, inputChannels } = work;
  const count = work.kind === "bilevel" ? 4 * batch : batch;
  const model = work.kind === "inference" ? await readModel(work.model) : undefined;
  const pixels = model?.pixels.subarray(0, batch * side * side * inputChannels) ??
    benchPixels(count * side * side * inputChannels);
  const images = engine.loadImages(pixels, { count, height: side, width: side, channels: inputChannels });
  const indices = Uint32Array.from({ length: count }, (_, i) => i);
  const labels = indices.map((i) => i % 10);
  const [mean, std] = [Array(inputChannels).fill(MEAN), Array(inputChannels).fill(STD)];
  if (work.kind === "inference") {
    const derived = { space, genotype: DARTS_V2 };
    const network = engine.compile(buildDerivedNetwork(derived), { batch, isInference: true });
    loadState(network, model!.state);
    const { multiplyAdds } = costOfDerivedNetwork(derived);
    const source = { images, indices, mean, std, seed: 0, epoch: 0 };
    const run = () => {
      network.forward(source, { training: false });
      return network.logits()[0]!;
    };
    run();
    model!.checkLogits(network.logits());
    return { network, run, operations: 2 * multiplyAdds * batch };
  }
  const { multiplyAdds } = costOfSupernet(space);
  const operations = 3 * 2 * multiplyAdds * batch;
  if (work.kind === "bilevel") {
    const network = engine.compile(buildSupernet(space), { batch, ...bound });
    initialiseNetwork(network, 0);
    const method = createDarts(space);
    const search = new BilevelSearch({
      engine,
      network,
      space,
      method,
      alpha: method.initialAlpha(engine, 0),
      data: { images, count, parts: [{ first: 0, labels, classes: 10, firstClass: 0, mean, std }] },
      // The parts are far longer than a run: an epoch never ends.
      split: {
        weights: everyImage(repeat(indices.subarray(0, 2 * batch), 500)),
        alpha: everyImage(repeat(indices.subarray(2 * batch), 500)),
        validation: [],
      },
      augment: { cropPadding: 4, flip: true, cutout: 0 },
      settings: { ...DARTS_SETTINGS, batch, order: work.order },
      plan: cosinePlan({ epochs: 1, first: 0.025, last: 0.001 }),
      seed: 0,
    });
    return { network, run: () => search.takeStep().loss, operations };
  }
  const { isDerived = false, isAugmented = false } = work;
  const derived = { space, genotype: DARTS_V2, auxiliaryWeight: 0.4 };
  const network = engine.compile(isDerived ? buildDerivedNetwork(derived) : buildSupernet(space), { batch, ...bound });
  network.initialise(0);
  network.setMixing(new Float32Array(network.mixingCount).fill(1 / 8));
  const augment = { cropPadding: 4, flip: true, cutout: Math.floor(side / 2) };
  const source = { images, indices, labels, mean, std, seed: 0, epoch: 0, ...(isAugmented && { augment }) };
  return {
    network,
    run() {
      const { loss } = network.backward(source, { weightGradients: true, ...(isDerived && { dropPath: 0.2 }) });
      network.sgdStep({ learningRate: 0.025, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
      return loss;
    },
    operations: isDerived ? 3 * 2 * costOfDerivedNetwork(derived).multiplyAdds * batch : operations,
  };
}

function repeat(indices: Uint32Array, times: number): Uint32Array {
  return Uint32Array.from({ length: indices.length * times }, (_, i) => indices[i % indices.length]!);
}
