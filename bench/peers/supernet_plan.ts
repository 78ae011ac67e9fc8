/**
 * The DARTS supernet as the JavaScript peers build it: which tensors an edge reads, in the reference's names.
 *
 * @module
 */
import { decodeSafetensors } from "../../src/formats/safetensors.ts";
import type { TensorLike } from "../../src/formats/tensor.ts";

/** Nodes of a cell that add up mixed operations. */
export const NODES = 4;
/** Candidates of an edge in the order of their mixing weights; the first is `none`. */
export const OPERATIONS = 8;
/** Settings of a step, those of Rootstock's. */
export const SGD = { learningRate: 0.025, momentum: 0.9, weightDecay: 3e-4, clip: 5 } as const;
/** Added to variances. */
export const EPSILON = 1e-5;
/** Largest relative difference of a loss that still counts as the same work. */
const TOLERANCE = 1e-3;

/** What a peer needs of its library, over tensors `T` of images in the library's own layout. */
export interface Operations<T> {
  relu(x: T): T;
  /** 1×1 or 3×3 convolution with "same" padding. */
  convolution(x: T, weight: string, stride: 1 | 2): T;
  /** Depthwise convolution, padding dilation·⌊kernel/2⌋ on all sides. */
  depthwise(x: T, weight: string, options: { kernel: number; stride: 1 | 2; dilation: 1 | 2 }): T;
  /** 3×3, padding 1; the average counts pixels inside only. */
  pool(x: T, kind: "max" | "average", stride: 1 | 2): T;
  /** Batch statistics, no affine parameters unless a name is given. */
  normalise(x: T, affine?: string): T;
  /** One pixel up and left, zeros at the far edge. */
  shift(x: T): T;
  concat(xs: T[]): T;
  add(x: T, y: T): T;
  /** Times a mixing weight. */
  mix(x: T, type: "normal" | "reduce", edge: number, operation: number): T;
}

/**
 * The supernet up to its last cell.
 *
 * @param o The library.
 * @param images A batch.
 * @param cells Cells.
 * @returns Output of the last cell.
 */
export function runSupernet<T>(o: Operations<T>, images: T, cells: number): T {
  let s0: T = o.normalise(o.convolution(images, "stem.0.weight", 1), "stem.1");
  let s1: T = s0;
  let isReducedBefore = false;
  for (let i = 0; i < cells; i++) {
    const isReducing = i === Math.floor(cells / 3) || i === Math.floor(2 * cells / 3);
    const first: T = isReducedBefore
      ? reduceBy(o, s0, `cells.${i}.preprocess0`)
      : o.normalise(o.convolution(o.relu(s0), `cells.${i}.preprocess0.op.1.weight`, 1));
    const second = o.normalise(o.convolution(o.relu(s1), `cells.${i}.preprocess1.op.1.weight`, 1));
    const states: T[] = [first, second];
    let edge = 0;
    for (let node = 0; node < NODES; node++) {
      const mixed = states.map((state, from) => {
        const place = { prefix: `cells.${i}._ops.${edge}._ops`, edge: edge++, type: typeOf(isReducing) };
        return mixedOperation(o, state, { ...place, stride: isReducing && from < 2 ? 2 : 1 });
      });
      states.push(mixed.reduce((sum, x) => o.add(sum, x)));
    }
    [s0, s1, isReducedBefore] = [s1, o.concat(states.slice(2)), isReducing];
  }
  return s1;
}

function typeOf(isReducing: boolean): "normal" | "reduce" {
  return isReducing ? "reduce" : "normal";
}

function mixedOperation<T>(
  o: Operations<T>,
  x: T,
  { prefix, edge, type, stride }: { prefix: string; edge: number; type: "normal" | "reduce"; stride: 1 | 2 },
): T {
  const separable = (operation: number, kernel: number) => {
    const [a, b, c, d] = [1, 2, 5, 6].map((layer) => `${prefix}.${operation}.op.${layer}.weight`);
    const half = o.normalise(o.convolution(o.depthwise(o.relu(x), a!, { kernel, stride, dilation: 1 }), b!, 1));
    return o.normalise(o.convolution(o.depthwise(o.relu(half), c!, { kernel, stride: 1, dilation: 1 }), d!, 1));
  };
  const dilated = (operation: number, kernel: number) => {
    const [a, b] = [1, 2].map((layer) => `${prefix}.${operation}.op.${layer}.weight`);
    return o.normalise(o.convolution(o.depthwise(o.relu(x), a!, { kernel, stride, dilation: 2 }), b!, 1));
  };
  const results = [
    o.normalise(o.pool(x, "max", stride)),
    o.normalise(o.pool(x, "average", stride)),
    stride === 1 ? x : reduceBy(o, x, `${prefix}.3`),
    separable(4, 3),
    separable(5, 5),
    dilated(6, 3),
    dilated(7, 5),
  ];
  return results.map((y, i) => o.mix(y, type, edge, i + 1)).reduce((sum, y) => o.add(sum, y));
}

function reduceBy<T>(o: Operations<T>, x: T, prefix: string): T {
  const positive = o.relu(x);
  const halves = [
    o.convolution(positive, `${prefix}.conv_1.weight`, 2),
    o.convolution(o.shift(positive), `${prefix}.conv_2.weight`, 2),
  ];
  return o.normalise(o.concat(halves));
}

/** A supernet's model file as a peer reads it. */
export interface SupernetModel {
  /** Trainable tensors by name, PyTorch's shapes. */
  parameters: [string, TensorLike][];
  /** [N, C, H, W], normalised. */
  images: TensorLike;
  labels: number[];
  cells: number;
  /** Edges of a cell. */
  edges: number;
  /** Throws unless these are the losses of the model's first two steps. */
  checkLosses(found: readonly number[]): void;
}

/** Reads what bench/model.ts wrote. */
export async function readSupernet(path: string): Promise<SupernetModel> {
  const { tensors } = decodeSafetensors(await Deno.readFile(path), { file: path });
  const isTrainable = (name: string) => !/^bench\.|running_|num_batches/.test(name);
  const cells = [...tensors.keys()].map((name) => Number(/^cells\.(\d+)\./.exec(name)?.[1] ?? 0));
  return {
    parameters: [...tensors].filter(([name]) => isTrainable(name)),
    images: tensors.get("bench.images")!,
    labels: Array.from(tensors.get("bench.labels")!.data as BigInt64Array, Number),
    cells: 1 + Math.max(...cells),
    edges: NODES * (NODES + 3) / 2,
    checkLosses(found) {
      const expected = tensors.get("bench.losses")!.data as Float32Array;
      expected.forEach((loss, step) => {
        if (Math.abs(found[step]! - loss) <= TOLERANCE * Math.abs(loss)) return;
        throw new Error(
          `Cannot time the peer: loss of step ${step} is ${found[step]}, expected ${loss} as of Rootstock`,
        );
      });
    },
  };
}
