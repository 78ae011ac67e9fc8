import { Engine } from "../src/engine/mod.ts";
import { collectState, type State, type StateTensor } from "../src/network/mod.ts";
import { buildDerivedNetwork, buildSupernet } from "../src/spaces/mod.ts";
import { makeDartsSpace } from "../src/spaces/darts/space.ts";
import { decodeSafetensors, encodeSafetensors, type TensorLike } from "../src/formats/mod.ts";
import { DARTS_V2 } from "./genotypes.ts";
import { benchPixels, MEAN, normalisedImages, STD } from "./pixels.ts";

/**
 * A network with images and what it makes of them, for peers that do the same work with the same weights: tensors of the
 * state dict, and beside them `bench.pixels` (bytes), `bench.images` ([N, C, H, W], normalised), `bench.labels`, and
 * `bench.logits` of the derived network or `bench.losses` of a supernet's first two training steps.
 */
export interface Model {
  /** The network's state. */
  readonly state: State;
  /** Bytes, [count, side, side, channels] row-major. */
  readonly pixels: Uint8Array;
  /** Compares logits of the first images with those of the model. */
  checkLogits(found: Float32Array): void;
}

/** Sizes of a model. */
export interface ModelSizes {
  channels: number;
  cells: number;
  /** Side in pixels. */
  image: number;
  inputChannels: 1 | 3;
  /** Images. */
  count: number;
}

/** Largest difference of logits that still counts as the same work. */
const TOLERANCE = 1e-4;
/** Training passes by which running statistics move away from 0 and 1. */
const PASSES = 20;
/** Settings of a step, the same everywhere. */
const SGD = { learningRate: 0.025, momentum: 0.9, weightDecay: 3e-4, clip: 5 };

/** Writes a derived network (DARTS V2, no auxiliary head) with running statistics of its images, and its logits. */
export async function writeDerivedModel(path: string, sizes: ModelSizes): Promise<void> {
  const space = spaceOf(sizes);
  await withImages(sizes, async ({ engine, source, tensors }) => {
    const network = engine.compile(buildDerivedNetwork({ space, genotype: DARTS_V2 }), { batch: sizes.count });
    network.initialise(0);
    for (let pass = 0; pass < PASSES; pass++) network.forward(source, { training: true });
    network.forward(source, { training: false });
    tensors.set("bench.logits", { shape: [sizes.count, space.classes], data: network.logits() });
    await write(path, collectState(network, { batchesTracked: PASSES }), tensors);
  });
}

/** Writes a supernet in its initial state, and the losses of its first two training steps at equal mixing weights. */
export async function writeSupernetModel(path: string, sizes: ModelSizes): Promise<void> {
  await withImages(sizes, async ({ engine, source, tensors }) => {
    const network = engine.compile(buildSupernet(spaceOf(sizes)), { batch: sizes.count });
    network.initialise(0);
    const state = collectState(network);
    network.setMixing(new Float32Array(network.mixingCount).fill(1 / 8));
    const losses = [0, 1].map(() => {
      const { loss } = network.backward(source, { weightGradients: true });
      network.sgdStep(SGD);
      return loss;
    });
    tensors.set("bench.losses", { shape: [2], data: Float32Array.from(losses) });
    await write(path, state, tensors);
  });
}

/** Reads a model that one of the functions above wrote. */
export async function readModel(path: string): Promise<Model> {
  const { tensors } = decodeSafetensors(await Deno.readFile(path), { file: path });
  const own = [...tensors].filter(([name]) => !name.startsWith("bench."));
  return {
    state: new Map(own as [string, StateTensor][]),
    pixels: tensors.get("bench.pixels")!.data as Uint8Array,
    checkLogits(found) {
      const expected = tensors.get("bench.logits")!.data as Float32Array;
      const difference = found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
      if (!(difference <= TOLERANCE)) {
        throw new Error(`Cannot time ${path}: logits differ by ${difference}, expected at most ${TOLERANCE}`);
      }
    },
  };
}

interface Images {
  engine: Engine;
  source: Parameters<ReturnType<Engine["compile"]>["backward"]>[0];
  tensors: Map<string, TensorLike>;
}

async function withImages(sizes: ModelSizes, work: (images: Images) => Promise<void>): Promise<void> {
  const { image: side, inputChannels: channels, count } = sizes;
  const engine = await Engine.start({ build: "strict" });
  try {
    const pixels = benchPixels(count * side * side * channels);
    const images = engine.loadImages(pixels, { count, height: side, width: side, channels });
    const indices = Uint32Array.from({ length: count }, (_, i) => i);
    const labels = indices.map((i) => i % 10);
    const [mean, std] = [Array(channels).fill(MEAN), Array(channels).fill(STD)];
    const source = { images, indices, labels, mean, std, seed: 0, epoch: 0 };
    const normalised = normalisedImages(pixels, { count, side, channels });
    const tensors = new Map<string, TensorLike>([
      ["bench.pixels", { shape: [count, side, side, channels], data: pixels }],
      ["bench.images", { shape: [count, channels, side, side], data: normalised }],
      ["bench.labels", { shape: [count], data: BigInt64Array.from(labels, BigInt) }],
    ]);
    await work({ engine, source, tensors });
  } finally {
    engine.close();
  }
}

function spaceOf({ channels, cells, image, inputChannels }: ModelSizes) {
  return makeDartsSpace({ channels, cells, inputChannels, height: image, width: image, classes: 10 });
}

async function write(path: string, state: State, tensors: Map<string, TensorLike>): Promise<void> {
  await Deno.mkdir(path.replace(/[^/]*$/, ""), { recursive: true });
  await Deno.writeFile(path, encodeSafetensors(new Map<string, TensorLike>([...state, ...tensors])));
}
