import type { Engine } from "../../engine/mod.ts";

/** What mixing weights are drawn for; sampling methods draw differently for each. */
export type Purpose = "weights" | "alpha" | "evaluation";

/** When and for what mixing weights are drawn. A draw is a function of alpha, this, and the method's state only. */
export interface DrawContext {
  /** What the network will do with them. */
  readonly purpose: Purpose;
  /** Seed for methods that sample. */
  readonly seed: number;
  /** Epoch, from 0. */
  readonly epoch: number;
  /** Step within the epoch, from 0. */
  readonly step: number;
}

/** Mixing weights, and the way back from their gradient. */
export interface MixingDraw {
  /** One weight an edge and operation, in the layout of the network's mixing weights. */
  readonly weights: Float32Array;
  /**
   * Pulls a gradient back.
   *
   * @param mixingGradient Gradient of a loss with respect to `weights`.
   * @returns Gradient with respect to the alpha that this was drawn from. Linear in its argument.
   */
  gradient(mixingGradient: Float32Array): Float32Array;
}

/**
 * A differentiable search method: how architecture parameters become mixing weights and what they say in the end.
 *
 * The bilevel loop, the checkpoint and the derivation know nothing else of a method. Alpha is one vector; it holds the
 * tensors of `alphaTensors` one after another.
 */
export interface SearchMethod {
  /** Name on the command line and in files. */
  readonly name: string;
  /** Names and shapes of the architecture parameters, as they are kept in files. */
  readonly alphaTensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Draws the alpha that a search from scratch starts with. */
  initialAlpha(engine: Pick<Engine, "normals">, seed: number): Float32Array;
  /** Draws mixing weights from alpha. */
  mix(alpha: Float32Array, context: DrawContext): MixingDraw;
  /** How strongly alpha speaks for each operation, in the layout of the mixing weights; the derivation ranks these. */
  strengths(alpha: Float32Array): Float32Array;
  /** Called before the first step of an epoch, and after a resumption within it: temperatures, perturbations. */
  startEpoch(epoch: number, epochs: number): void;
  /** Whether alpha learns in this epoch; methods with a warm-up keep it still at first. */
  updatesAlpha(epoch: number): boolean;
  /** What the method has to remember beyond alpha; plain JSON data. */
  state(): unknown;
  /** Takes back what `state` gave. */
  restore(state: unknown): void;
}
