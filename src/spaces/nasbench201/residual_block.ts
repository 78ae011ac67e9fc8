import type { GraphBuilder, Tensor } from "../../network/mod.ts";
import { reluConvNorm } from "./operation.ts";

/**
 * Adds the residual block between two stages, which halves height and width: `ResNetBasicblock` of AutoDL-Projects at
 * stride 2, in search and in the final network alike.
 *
 * Two 3×3 convolutions, `conv_a` of stride 2 and `conv_b`, beside an average over 2×2 pixels and a 1×1 convolution,
 * `downsample.1`. (Ours: where a side is odd, which the reference cannot halve, the average is over 3×3 pixels at stride 2.)
 *
 * @param builder Receives the instructions.
 * @param x The tensor read.
 * @param options State-dict prefix, channels of the output.
 * @returns The sum.
 */
export function lowerResidualBlock(
  builder: GraphBuilder,
  x: Tensor,
  { prefix, out }: { prefix: string; out: number },
): Tensor {
  const convolution = { kernel: 3, out, affine: true } as const;
  const window = x.height % 2 === 0 && x.width % 2 === 0 ? { kernel: 2, padding: 0 } : { kernel: 3, padding: 1 };
  const pooled = builder.pool(x, { kind: "average", stride: 2, ...window });
  const shortcut = builder.pointwise([pooled], { out, relu: false, weight: `${prefix}.downsample.1.weight` });
  const first = reluConvNorm(builder, x, { ...convolution, prefix: `${prefix}.conv_a`, stride: 2 });
  const second = reluConvNorm(builder, first, { ...convolution, prefix: `${prefix}.conv_b`, stride: 1 });
  return builder.combine([{ x: shortcut }, { x: second }]);
}
