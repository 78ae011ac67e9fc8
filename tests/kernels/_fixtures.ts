/**
 * Reading of the reference fixtures: what PyTorch computed for small networks (see tests/reference/README.md).
 *
 * @module
 */
import {
  type Augmentation,
  type BatchSource,
  type Engine,
  type Network,
  type Program,
  ProgramBuilder,
  type Tensor,
} from "../../src/engine/mod.ts";
import { decodeSafetensors } from "../../src/formats/mod.ts";

/** A layer of a fixture network, as the Python side wrote it: a ProgramBuilder call. */
// deno-lint-ignore no-explicit-any
type Layer = { op: string; to?: string; x?: string; xs?: string[]; [option: string]: any };

/** A fixture network and what PyTorch found. */
export interface Case {
  name: string;
  count: number;
  height: number;
  width: number;
  channels: number;
  mean: number[];
  std: number[];
  mixingCount: number;
  loss: number;
  evaluationLoss: number;
  gradientFloor: number;
  layers: Layer[];
  sgd?: {
    steps: number;
    learningRate: number;
    momentum: number;
    weightDecay: number;
    clip: number;
    losses: number[];
    gradientNorms: number[];
  };
}

/** All arrays of a fixture file. */
export type Arrays = Map<string, { shape: readonly number[]; data: ArrayLike<number> }>;

const FIXTURES = new URL("../reference/fixtures/", import.meta.url);

/** Reads `NAME.json` and `NAME.safetensors`. */
export async function readFixture<T>(name: string): Promise<{ description: T; arrays: Arrays }> {
  const description = JSON.parse(await Deno.readTextFile(new URL(`${name}.json`, FIXTURES)));
  const file = `${name}.safetensors`;
  const { tensors } = decodeSafetensors(await Deno.readFile(new URL(file, FIXTURES)), { file });
  return { description, arrays: tensors as unknown as Arrays };
}

/** Builds the program of a fixture network. */
export function programOf({ layers, height, width, channels, mixingCount }: Case): Program {
  const builder = new ProgramBuilder({ height, width, channels });
  const tensors = new Map<string, Tensor>([["image", builder.image]]);
  const tensor = (name: string) => tensors.get(name)!;
  for (const { op, to, x, xs, ...options } of layers) {
    // deno-lint-ignore no-explicit-any
    const call = (builder as any)[op].bind(builder);
    const result = op === "combine"
      ? call(options.terms.map((term: { x: string }) => ({ ...term, x: tensor(term.x) })))
      : op === "channels"
      ? call(options.slices.map((slice: { x: string }) => ({ ...slice, x: tensor(slice.x) })), options.groups)
      : op === "segment"
      ? call()
      : call(xs ? xs.map(tensor) : tensor(x!), options);
    if (to) tensors.set(to, result);
  }
  return builder.build(mixingCount);
}

/** The batch of a fixture network. */
export function sourceOf(engine: Engine, description: Case, arrays: Arrays, augment?: Augmentation): BatchSource {
  const { count, height, width, channels, name, mean, std } = description;
  const pixels = Uint8Array.from(arrays.get(`${name}/image`)!.data);
  const images = engine.loadImages(pixels, { count, height, width, channels });
  const indices = Uint32Array.from({ length: count }, (_, i) => i);
  const labels = Uint32Array.from(arrays.get(`${name}/labels`)!.data);
  return { images, indices, labels, mean, std, seed: 0, epoch: 0, ...(augment ? { augment } : {}) };
}

/** Writes a fixture's parameters and mixing weights into a network. */
export function writeParameters(network: Network, { name, mixingCount }: Case, arrays: Arrays): void {
  for (const parameter of network.parameters) {
    network.write(parameter.name, Float32Array.from(arrays.get(`${name}/parameter/${parameter.name}`)!.data));
  }
  if (mixingCount > 0) network.setMixing(Float32Array.from(arrays.get(`${name}/mixing`)!.data));
}

/** Largest difference, relative to the largest expected magnitude (at least `floor`). */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>, floor = 1e-6): number {
  if (found.length !== expected.length) return Infinity;
  let [worst, largest] = [0, floor];
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(found[i]! - expected[i]!);
    if (!(difference <= worst)) worst = difference;
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return worst / largest;
}
