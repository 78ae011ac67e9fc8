import type { Engine } from "../engine/mod.ts";
import type { State } from "../network/mod.ts";
import { deriveGenotype, type Genotype, layMixing, pruneState, type Space } from "../spaces/mod.ts";
import type { SearchMethod } from "./methods/method.ts";
import { createMethod, spaceForMethod } from "./methods/table.ts";

/** What a supernet is made of. */
export interface SupernetParts {
  /** Its search space, adapted to the method. */
  readonly space: Space;
  /** Architecture parameters: the tensors of the method's `parameters`, one after another. */
  readonly alpha: Float32Array;
  /** Weights, running statistics and their counters; empty for one that has learnt nothing. */
  readonly state: State;
  /** What the method remembers beyond alpha; as it is created if left out. */
  readonly remembered?: unknown;
}

/** A supernet as a value: weights and architecture parameters, with the space and the method that give them meaning. */
export class Supernet {
  /** Its search space. */
  readonly space: Space;
  /** The search method, at work on the space. */
  readonly method: SearchMethod;
  /** Architecture parameters. */
  readonly alpha: Float32Array;
  /** Weights, running statistics and their counters. */
  readonly state: State;

  private constructor(method: SearchMethod, { space, alpha, state }: SupernetParts) {
    [this.space, this.method, this.alpha, this.state] = [space, method, alpha, state];
  }

  /**
   * Puts a supernet together.
   *
   * @param method Name of the search method whose alpha this is.
   * @param parts The rest.
   * @returns The supernet.
   * @throws {RangeError} If there is no such method.
   */
  static of(method: string, parts: SupernetParts): Supernet {
    const created = createMethod(method, parts.space);
    if (parts.remembered !== undefined) created.restore(parts.remembered);
    return new Supernet(created, parts);
  }

  /**
   * A supernet that has learnt nothing: with the alpha of a search from scratch, and no weights.
   *
   * @param method Name of the search method.
   * @param space The search space; its supernet becomes what the method asks for.
   * @param options Draws alpha; the user's seed.
   * @returns The supernet.
   * @throws {RangeError} If there is no such method, or the space cannot grant what it asks for.
   */
  static blank(
    method: string,
    space: Space,
    { engine, seed }: { engine: Pick<Engine, "normals">; seed: number },
  ): Supernet {
    const adapted = spaceForMethod(method, space);
    const created = createMethod(method, adapted);
    return new Supernet(created, { space: adapted, alpha: created.initialAlpha(engine, seed), state: new Map() });
  }

  /** The same supernet with another alpha or state. */
  with(changes: Partial<Pick<SupernetParts, "alpha" | "state">>): Supernet {
    return new Supernet(this.method, { ...this, ...changes });
  }

  /** The part of the supernet that a pruned space holds. */
  within(space: Space): Supernet {
    const { method, alpha, state } = this;
    return Supernet.of(method.name, { space, alpha, state: pruneState(state, space), remembered: method.state() });
  }

  /** How strongly alpha speaks for each candidate, in the layout of the mixing weights. */
  strengths(): Float32Array {
    return this.method.strengths(this.alpha);
  }

  /**
   * The mixing weights with which the supernet is evaluated.
   *
   * @param seed The user's seed, for methods that draw.
   * @returns One weight a candidate.
   */
  mixing(seed: number): Float32Array {
    return this.method.mix(this.alpha, { purpose: "evaluation", seed, epoch: 0, step: 0 }).weights;
  }

  /**
   * The architecture for which alpha speaks.
   *
   * @param maxParameters Most parameters of the derived network; no limit if left out.
   * @returns The architecture.
   * @throws {RangeError} If a strength is not finite, or no architecture fits.
   */
  genotype(maxParameters?: number): Genotype {
    return deriveGenotype(this.strengths(), this.space, maxParameters);
  }

  /**
   * The state with the mixing weights laid in ({@linkcode layMixing}), ready for a derived network to be cut out of it.
   *
   * @param genotype The architecture that is cut out.
   * @param seed The user's seed, for methods that draw.
   * @returns The state.
   */
  stateFor(genotype: Genotype, seed: number): State {
    return layMixing(this.state, this.mixing(seed), { space: this.space, genotype });
  }
}
