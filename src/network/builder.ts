import type { ProgramBuilder } from "../engine/mod.ts";

/** What lowering needs of a program builder: `ProgramBuilder` of the engine is one, `CostCounter` is another. */
export type GraphBuilder = Pick<
  ProgramBuilder,
  | "image"
  | "convolution"
  | "pointwise"
  | "factorizedReduce"
  | "depthwisePointwise"
  | "pool"
  | "normalise"
  | "channels"
  | "combine"
  | "globalAveragePool"
  | "classifier"
  | "segment"
>;

/** A numbered activation and its size, as a builder hands it out. */
export type Tensor = GraphBuilder["image"];
