import { type GraphBuilder, HEAD_BIASES, HEAD_WEIGHTS, type Tensor } from "../../network/mod.ts";
import { lowerPlainStem } from "../plain_stem.ts";
import { lowerResidualBlock } from "./residual_block.ts";
import { type CellShape, layCells, type NasBench201Space } from "./space.ts";

/** What supernets and derived networks differ in: what their cells hold. */
export interface SkeletonOptions {
  /** Sizes of the network. */
  readonly space: NasBench201Space;
  /** Classes of each dataset where the classifier has a head for each; together those of the space. */
  readonly heads?: readonly number[] | undefined;
  /** Lowers the inside of a cell: takes its input, returns its output. */
  lowerCell(cell: CellShape, input: Tensor): Tensor;
}

/** A pooling that hands every pixel on: how a program spells a copy, and with ReLU a rectified one. */
const COPY = { kind: "average", kernel: 1, stride: 1, padding: 0 } as const;

/**
 * Lowers the frame of a network: stem, three stages of cells with residual blocks between, normalisation, ReLU, global
 * pooling, classifier. Names: `stem`, `cells.<i>`, `lastact.0`, `classifier`.
 *
 * @param builder Receives the instructions.
 * @param options Sizes, and what the cells hold.
 */
export function lowerSkeleton(builder: GraphBuilder, { space, heads, lowerCell }: SkeletonOptions): void {
  let x = lowerPlainStem(builder, { stem: space.stem, out: space.channels });
  for (const cell of layCells(space)) {
    builder.segment();
    x = cell.isReduction
      ? lowerResidualBlock(builder, x, { prefix: `cells.${cell.index}`, out: cell.channels })
      : lowerCell(cell, x);
  }
  // Kernels normalise outputs of layers only, so the last node is copied.
  const last = builder.normalise(builder.pool(x, COPY), { names: ["lastact.0"], affine: true });
  builder.classifier(builder.globalAveragePool([builder.pool(last, { ...COPY, relu: true })]), {
    weight: HEAD_WEIGHTS,
    bias: HEAD_BIASES,
    classes: space.classes,
    groups: heads,
  });
}
