import type { NetworkCost } from "../network/mod.ts";
import { costOfDerivedNetwork } from "./derived_network.ts";
import type { Space } from "./space.ts";
import { spaceKind } from "./table.ts";

/** A cost of derived networks that adds up over their parts. */
export interface CostRow {
  /** Name in options and results. */
  readonly name: string;
  /** What messages call it. */
  readonly words: string;
  /** Where it stands in what a network costs. */
  readonly of: (cost: NetworkCost) => number;
}

/** The costs that are counted, and so are the same on every machine. */
export const COUNTED_COSTS = [
  { name: "parameters", words: "parameters", of: ({ parameters }: NetworkCost): number => parameters },
  { name: "macs", words: "multiply-adds", of: ({ multiplyAdds }: NetworkCost): number => multiplyAdds },
] as const satisfies readonly CostRow[];

/** Name of a counted cost. */
export type CountedCost = typeof COUNTED_COSTS[number]["name"];

/** What a derived network must not exceed of a cost that adds up over its parts. */
export interface CostLimit {
  /** What messages call the cost, in the plural. */
  readonly words: string;
  /** Most of it. */
  readonly most: number;
  /** The cost of each of the space's probes ({@linkcode probesOf}), from which that of every network follows. */
  readonly probes: readonly number[];
}

/**
 * Networks whose costs tell those of all others of a space, as far as costs add up over a network's parts.
 *
 * @param space The search space.
 * @returns Their architectures, a dozen or two.
 */
export function probesOf(space: Space) {
  return spaceKind(space.name).probes(space);
}

/**
 * A limit of a counted cost.
 *
 * @param space The search space; its number of classes counts.
 * @param name Name of the cost.
 * @param most Most of it, classifier included.
 * @returns The limit.
 */
export function limitOf(space: Space, name: CountedCost, most: number): CostLimit {
  const { words, of } = COUNTED_COSTS.find((row) => row.name === name)!;
  return { words, most, probes: probesOf(space).map((genotype) => of(costOfDerivedNetwork({ space, genotype }))) };
}
