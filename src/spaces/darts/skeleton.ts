import type { GraphBuilder, Tensor } from "../../network/mod.ts";
import { factorizedReduction, reluConvNorm } from "./candidate.ts";
import { type CellShape, type DartsSpace, layCells } from "./space.ts";
import { lowerStem } from "./stem.ts";

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
 * Names: those of the stem ({@linkcode lowerStem}), `cells.<i>.preprocess0`, `cells.<i>.preprocess1`, `classifier`.
 *
 * @param builder Receives the instructions.
 * @param options Sizes, and what the cells hold.
 */
export function lowerSkeleton(builder: GraphBuilder, options: SkeletonOptions): void {
  const { space, affine } = options;
  const stem = lowerStem(builder, space);
  let [previous, last] = stem.inputs.map((x): Tensor[] => [x]) as [Tensor[], Tensor[]];
  for (const cell of layCells(space.cells, space.channels)) {
    builder.segment();
    const [prefix, out] = [`cells.${cell.index}`, cell.channels];
    const isAfterHalving = cell.index === 0 ? stem.isHalving : cell.afterReduction;
    const preprocess0 = isAfterHalving ? factorizedReduction : reluConvNorm;
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
