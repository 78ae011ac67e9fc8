import type { GraphBuilder, Tensor } from "../../network/mod.ts";

const PREFIX = "auxiliary_head";
const NARROW = 128;
const WIDE = 768;

/**
 * Adds the auxiliary classifier of DARTS' evaluation network, which helps to train its lower cells.
 *
 * ReLU, average pooling to 2×2, 1×1 convolution to 128 channels, normalisation, ReLU, 2×2 convolution to 768 channels,
 * normalisation, ReLU, linear. The reference pools 8×8 with a 5×5 window of stride 3; other sizes take the stride or the
 * window that leads to 2×2 as well; so does its head for ImageNet with 7×7, but the second normalisation is missing there, a slip
 * that its authors kept. Names: `auxiliary_head.features.{2,3,5,6}`, `auxiliary_head.classifier`.
 *
 * @param builder Receives the instructions.
 * @param xs Output of a cell, a list of tensors of one size.
 * @param options Number of classes, weight of the loss, and whether it is the head for ImageNet.
 * @throws {RangeError} If the tensors are smaller than 2×2.
 */
export function lowerAuxiliaryHead(
  builder: GraphBuilder,
  xs: Tensor[],
  { classes, lossWeight, isImagenet }: { classes: number; lossWeight: number; isImagenet: boolean },
): void {
  const { height, width } = xs[0]!;
  const window = poolingWindow(Math.min(height, width));
  const pooled = xs.map((x) => builder.pool(x, { kind: "average", ...window, padding: 0, relu: true }));
  const narrow = builder.pointwise(pooled, { out: NARROW, relu: false, weight: `${PREFIX}.features.2.weight` });
  builder.normalise(narrow, { names: [`${PREFIX}.features.3`], affine: true });
  const wide = builder.convolution(narrow, {
    out: WIDE,
    kernel: 2,
    stride: 1,
    padding: 0,
    relu: true,
    weight: `${PREFIX}.features.5.weight`,
  });
  if (!isImagenet) builder.normalise(wide, { names: [`${PREFIX}.features.6`], affine: true });
  // A 1×1 pooling is how a program spells a ReLU before the classifier; on square images there is one pixel left.
  const rectified = builder.pool(wide, { kind: "average", kernel: 1, stride: 1, padding: 0, relu: true });
  builder.classifier(builder.globalAveragePool([rectified]), {
    weight: `${PREFIX}.classifier.weight`,
    bias: `${PREFIX}.classifier.bias`,
    classes,
    auxiliaryWeight: lossWeight,
  });
}

function poolingWindow(size: number): { kernel: number; stride: number } {
  if (size < 2) {
    throw new RangeError(
      `Cannot build auxiliary head: its input is ${size} pixel wide, expected at least 2: leave the head out`,
    );
  }
  return size > 5 ? { kernel: 5, stride: size - 5 } : { kernel: size - 1, stride: 1 };
}
