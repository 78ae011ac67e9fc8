import type { GraphBuilder, Tensor } from "../../network/mod.ts";
import type { Operation } from "./space.ts";

/** What a ReLU, convolution and normalisation are made of. */
export interface ReluConvNormOptions {
  /** State-dict prefix, such as `cells.1.conv_a`. */
  readonly prefix: string;
  /** Side of the window, whose border is filled with zeros. */
  readonly kernel: 1 | 3;
  /** 2 halves the map; 1 for a window of one pixel. */
  readonly stride: 1 | 2;
  /** Channels of the output. */
  readonly out: number;
  /** Whether the normalisation has a weight and a bias. */
  readonly affine: boolean;
}

/**
 * Adds ReLU, convolution without bias, and normalisation: `ReLUConvBN` of AutoDL-Projects.
 *
 * @param builder Receives the instructions.
 * @param x The tensor read.
 * @param options Prefix and sizes.
 * @returns The normalised output. Names: `op.1`, `op.2`.
 */
export function reluConvNorm(builder: GraphBuilder, x: Tensor, options: ReluConvNormOptions): Tensor {
  const { prefix, kernel, stride, out, affine } = options;
  const shared = { out, relu: true, weight: `${prefix}.op.1.weight` };
  const y = kernel === 1
    ? builder.pointwise([x], shared)
    : builder.convolution(x, { ...shared, kernel, stride, padding: 1 });
  return builder.normalise(y, { names: [`${prefix}.op.2`], affine });
}

/**
 * The outputs of all operations that read one node of a cell. A pooling has no weights: edges that ask for it share it.
 *
 * First come the poolings, for reading a normalised tensor forces the executor to wait for its statistics.
 *
 * @param builder Receives the instructions.
 * @param x The node.
 * @param readers Operations other than `none`, with the state-dict prefix of each.
 * @param affine Whether normalisations have weights and biases: not in search, but in the final network.
 * @returns One output a reader, in their order.
 */
export function lowerReaders(
  builder: GraphBuilder,
  x: Tensor,
  readers: readonly { readonly operation: Operation; readonly prefix: string }[],
  affine: boolean,
): Tensor[] {
  const pooled = readers.some(({ operation }) => operation === "avg_pool_3x3")
    ? builder.pool(x, { kind: "average", kernel: 3, stride: 1, padding: 1 })
    : x;
  return readers.map(({ operation, prefix }) => {
    switch (operation) {
      case "nor_conv_1x1":
        return reluConvNorm(builder, x, { prefix, kernel: 1, stride: 1, out: x.channels, affine });
      case "nor_conv_3x3":
        return reluConvNorm(builder, x, { prefix, kernel: 3, stride: 1, out: x.channels, affine });
      case "avg_pool_3x3":
        return pooled;
      case "skip_connect":
        return x;
      default:
        throw new RangeError(`Cannot lower ${prefix}: found ${operation}, expected an operation with an output`);
    }
  });
}
