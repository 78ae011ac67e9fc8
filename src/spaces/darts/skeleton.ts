import type { GraphBuilder, Tensor } from "../../network/mod.ts";
import { factorizedReduction, reluConvNorm } from "./candidate.ts";
import { type CellShape, type DartsSpace, layCells, STEM_MULTIPLIER } from "./space.ts";

/** What supernets and derived networks differ in: what their cells hold. */
export interface SkeletonOptions {
  /** Sizes of the network. */
  readonly space: DartsSpace;
  /** Whether the normalisations of the preprocessing have weights and biases (that of the stem always has). */
  readonly affine: boolean;
  /** Classes of each dataset where the classifier has a head for each; together those of the space. */
  readonly heads?: readonly number[] | undefined;
  /** Lowers the inside of a cell: takes the two preprocessed inputs, returns the tensors of its output in order. */
  lowerCell(cell: CellShape, inputs: readonly [Tensor, Tensor]): Tensor[];
  /** Called after each cell with its output, to attach further heads. */
  afterCell?(cell: CellShape, output: Tensor[]): void;
}

/**
 * Lowers the frame of a network: stem, cells with the preprocessing of their inputs, global pooling, classifier.
 *
 * A cell's output is never concatenated in memory: what reads it takes the list of its tensors.
 * Names: `stem.0`, `stem.1`, `cells.<i>.preprocess0`, `cells.<i>.preprocess1`, `classifier`.
 *
 * @param builder Receives the instructions.
 * @param options Sizes, and what the cells hold.
 */
export function lowerSkeleton(builder: GraphBuilder, options: SkeletonOptions): void {
  const { space, affine } = options;
  const stem = builder.convolution(builder.image, {
    out: STEM_MULTIPLIER * space.channels,
    kernel: 3,
    stride: 1,
    padding: 1,
    relu: false,
    weight: "stem.0.weight",
  });
  builder.normalise(stem, { names: ["stem.1"], affine: true });
  let [previous, last]: [Tensor[], Tensor[]] = [[stem], [stem]];
  for (const cell of layCells(space.cells, space.channels)) {
    builder.segment();
    const [prefix, out] = [`cells.${cell.index}`, cell.channels];
    const preprocess0 = cell.afterReduction ? factorizedReduction : reluConvNorm;
    const first = preprocess0(builder, previous, { prefix: `${prefix}.preprocess0`, out, affine });
    const second = reluConvNorm(builder, last, { prefix: `${prefix}.preprocess1`, out, affine });
    [previous, last] = [last, options.lowerCell(cell, [first, second])];
    options.afterCell?.(cell, last);
  }
  builder.classifier(builder.globalAveragePool(last), {
    weight: "classifier.weight",
    bias: "classifier.bias",
    classes: space.classes,
    groups: options.heads,
  });
}
