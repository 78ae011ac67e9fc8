import type { Engine, NamedShape } from "../../engine/mod.ts";
import type { Space, SupernetRequest } from "../../spaces/mod.ts";
import type { BilevelSettings } from "../bilevel_settings.ts";

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
  /** One weight a candidate, in the layout of the network's mixing weights. */
  readonly weights: Float32Array;
  /**
   * Whether most of the weights are 0, so that only what the others weigh is to be run; then the gradient that comes back is 0 at the
   * weights that are, and running statistics stay as they are.
   */
  readonly isPath?: boolean | undefined;
  /**
   * Pulls a gradient back.
   *
   * @param mixingGradient Gradient of a loss with respect to `weights`.
   * @returns Gradient with respect to the alpha that this was drawn from. Linear in its argument.
   */
  gradient(mixingGradient: Float32Array): Float32Array;
}

/** A loss of the architecture alone, and its gradient with respect to alpha. */
export interface Regularisation {
  /** The loss, in the unit of the batch's loss, to which it is added. */
  readonly loss: number;
  /** Its gradient, one number for each of alpha. */
  readonly gradient: Float32Array;
}

/** Tries architectures with the weights of a supernet as they are. */
export interface Trials {
  /** As many as cost what the search has cost. */
  readonly most: number;
  /** Seed for methods that sample. */
  readonly seed: number;
  /**
   * Tries mixing weights on the images that validate, with the statistics of each batch.
   *
   * @param mixing Mixing weights; only what they weigh is run.
   * @returns Share of the images classified rightly, 0 to 1; of several datasets the mean.
   */
  accuracyOf(mixing: Float32Array): number;
}

/** The end of an epoch. */
export interface EpochEnd {
  /** Epochs done. */
  readonly epochs: number;
  /** Epochs planned in all. */
  readonly planned: number;
  /** The space of the supernet so far. */
  readonly space: Space;
}

/**
 * A differentiable search method at work on a space: how architecture parameters become mixing weights and what they say in
 * the end.
 *
 * The bilevel loop, checkpoints, files and the derivation know nothing else of a method. Alpha is all that it learns about the
 * architecture, as one vector: the tensors of `parameters` one after another.
 */
export interface SearchMethod {
  /** Name on the command line and in files. */
  readonly name: string;
  /** Names and shapes of all that is learnt about the architecture, as it is kept in files; perhaps none. */
  readonly parameters: readonly NamedShape[];
  /** Draws the alpha that a search from scratch starts with. */
  initialAlpha(engine: Pick<Engine, "normals">, seed: number): Float32Array;
  /** Draws mixing weights from alpha. */
  mix(alpha: Float32Array, context: DrawContext): MixingDraw;
  /** How strongly alpha speaks for each candidate, in the layout of the mixing weights; the derivation ranks these. */
  strengths(alpha: Float32Array): Float32Array;
  /** A loss of the architecture's own that alpha's steps minimise together with that of their batches, in either order. */
  regularise?(alpha: Float32Array, context: DrawContext): Regularisation;
  /** Called before the first step of an epoch, and after a resumption within it: temperatures, perturbations. */
  startEpoch(epoch: number, epochs: number): void;
  /** Whether alpha learns in this epoch; methods with a warm-up keep it still at first, and some always. */
  updatesAlpha(epoch: number): boolean;
  /**
   * Called at the end of every epoch, before its validation: what alpha becomes by how little the outputs of each candidate tell apart
   * (`Network.termImportance`), for methods that measure what others learn.
   *
   * @param measured Measures on all of the weights' images of the epoch, with the mixing weights of an evaluation.
   * @returns As many numbers as alpha has; undefined if nothing changes.
   */
  measure?(alpha: Float32Array, end: EpochEnd, measured: () => Float64Array): Float32Array | undefined;
  /**
   * Called between two epochs: what the supernet is to hold from now on (progressive pruning). The weights, momentum, statistics
   * and alpha of what stays are carried over, and a method is created for the new space with the state of this one.
   *
   * @returns A space with the same layout of mixing weights, such as `pruneSpace` gives; undefined if nothing changes.
   */
  shrink?(alpha: Float32Array, end: EpochEnd): Space | undefined;
  /**
   * Called once, after the last step of all: what alpha is to be in the end, for methods that choose when the weights have learnt.
   *
   * @returns As many numbers as alpha has.
   */
  conclude?(alpha: Float32Array, trials: Trials): Float32Array;
  /** What the method has to remember beyond alpha; plain JSON data. */
  state(): unknown;
  /** Takes back what `state` gave. */
  restore(state: unknown): void;
}

/** A search method as the table lists it: a row, defined in a file of its own. */
export interface MethodRow {
  /** Name on the command line and in files. */
  readonly name: string;
  /** Title, for lists. */
  readonly title: string;
  /** One line about it. */
  readonly description: string;
  /** Where it was published. */
  readonly paper: string;
  /** What it asks of its supernet; a space that cannot grant it refuses. */
  readonly supernet?: SupernetRequest;
  /** Settings in which it differs from DARTS; what a user chooses counts more. */
  readonly settings?: Partial<BilevelSettings>;
  /**
   * Share of the training images from which weights learn, in place of the user's, for a method whose alpha needs no images of
   * its own: those that are left only validate.
   */
  readonly trainPortion?: number;
  /**
   * Whether it decides near the end of the epochs planned: a search by it does not stop when it seems to have settled, for it would stop
   * before it has decided anything.
   */
  readonly decidesLate?: boolean;
  /** Puts the method to work on a space. */
  create(space: Space): SearchMethod;
}
