import type { GraphBuilder, Tensor } from "../../network/mod.ts";
import type { Primitive } from "./space.ts";

/** Where a candidate operation stands and how it normalises. */
export interface CandidateOptions {
  /** State-dict prefix, such as `cells.0._ops.3._ops.4`. */
  readonly prefix: string;
  /** 2 where the edge enters a reduction cell, otherwise 1. */
  readonly stride: 1 | 2;
  /** Whether batch normalisation has a weight and a bias: not in search, but in the final network. */
  readonly affine: boolean;
}

/** An operation that is being lowered: its first half stands, `finish` adds what is left. */
export interface StartedCandidate {
  /** Adds the second half, if there is one, and returns the operation's output. */
  finish(): Tensor;
}

/**
 * Adds ReLU, 1×1 convolution and normalisation over the concatenation of tensors.
 *
 * @param builder Receives the instructions.
 * @param xs Tensors of one size, concatenated over channels.
 * @param options State-dict prefix, output channels, affine.
 * @returns The normalised output. Names: `op.1`, `op.2`.
 */
export function reluConvNorm(
  builder: GraphBuilder,
  xs: Tensor[],
  { prefix, out, affine }: { prefix: string; out: number; affine: boolean },
): Tensor {
  const y = builder.pointwise(xs, { out, relu: true, weight: `${prefix}.op.1.weight` });
  return builder.normalise(y, { names: [`${prefix}.op.2`], affine });
}

/**
 * Adds a factorised reduction: ReLU, two 1×1 convolutions of stride 2 on shifted grids, concatenation, normalisation.
 *
 * @param builder Receives the instructions.
 * @param xs Tensors of one size, concatenated over channels.
 * @param options State-dict prefix, output channels (even), affine.
 * @returns The normalised output, half as large (rounded up). Names: `conv_1`, `conv_2`, `bn`.
 */
export function factorizedReduction(
  builder: GraphBuilder,
  xs: Tensor[],
  { prefix, out, affine }: { prefix: string; out: number; affine: boolean },
): Tensor {
  const weights: [string, string] = [`${prefix}.conv_1.weight`, `${prefix}.conv_2.weight`];
  return builder.normalise(builder.factorizedReduce(xs, { out, weights }), { names: [`${prefix}.bn`], affine });
}

/**
 * Adds a 3×3 pooling of a state, without normalisation.
 *
 * @param builder Receives the instructions.
 * @param x The state read.
 * @param operation `max_pool_3x3` or `avg_pool_3x3`.
 * @param stride 2 in a reduction cell, where the state is an input of the cell.
 * @returns What is pooled, with as many channels as the state.
 */
export function pooling(builder: GraphBuilder, x: Tensor, operation: Primitive, stride: 1 | 2): Tensor {
  return builder.pool(x, { kind: operation === "max_pool_3x3" ? "max" : "average", kernel: 3, stride, padding: 1 });
}

/**
 * Starts a convolution or a skip connection: all of it, but for the second half of a separable convolution.
 *
 * First halves of all edges of one state are to be started one after another: they read the same padded input, and
 * reading a normalised tensor forces the executor to wait for its statistics, which second halves do.
 *
 * @param builder Receives the instructions.
 * @param x The state read.
 * @param operation Any operation but `none` and the poolings.
 * @param options Prefix, stride, affine.
 * @returns The started operation.
 */
export function startCandidate(
  builder: GraphBuilder,
  x: Tensor,
  operation: Primitive,
  options: CandidateOptions,
): StartedCandidate {
  const { prefix, stride, affine } = options;
  if (operation === "skip_connect") {
    // At stride 1 a skip is the state itself and owns nothing.
    const y = stride === 1 ? x : factorizedReduction(builder, [x], { prefix, out: x.channels, affine });
    return { finish: () => y };
  }
  const convolution = CONVOLUTIONS[operation];
  if (convolution === undefined) {
    throw new RangeError(`Cannot lower ${prefix}: found ${operation}, expected a convolution or skip_connect`);
  }
  const { kernel, dilation, isTwice } = convolution;
  const half = (input: Tensor, first: number, step: 1 | 2) => {
    const [depthwise, pointwise] = [`${prefix}.op.${first}.weight`, `${prefix}.op.${first + 1}.weight`];
    const size = { out: x.channels, kernel, dilation, stride: step };
    const y = builder.depthwisePointwise(input, { ...size, depthwise, pointwise });
    return builder.normalise(y, { names: [`${prefix}.op.${first + 2}`], affine });
  };
  const first = half(x, 1, stride);
  return { finish: () => isTwice ? half(first, 5, 1) : first };
}

const CONVOLUTIONS: Partial<Record<Primitive, { kernel: 3 | 5; dilation: 1 | 2; isTwice: boolean }>> = {
  sep_conv_3x3: { kernel: 3, dilation: 1, isTwice: true },
  sep_conv_5x5: { kernel: 5, dilation: 1, isTwice: true },
  dil_conv_3x3: { kernel: 3, dilation: 2, isTwice: false },
  dil_conv_5x5: { kernel: 5, dilation: 2, isTwice: false },
};
