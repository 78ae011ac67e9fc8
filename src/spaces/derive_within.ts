import type { CostLimit } from "./costs.ts";
import { fillPlaces, leastCosts } from "./places.ts";
import type { Genotype, Space } from "./space.ts";
import { spaceKind } from "./table.ts";

/** An architecture, and how strongly a search speaks for it. */
export interface DerivedGenotype {
  /** The architecture. */
  readonly genotype: Genotype;
  /** Sum of the strengths of what it is made of. */
  readonly strength: number;
}

/**
 * Cuts the strongest architectures out of a supernet whose derived networks keep to limits, exactly: no other that keeps to them
 * is stronger.
 *
 * @param strengths One number a candidate, in the layout of the mixing weights (a method's `strengths`).
 * @param space The search space; only candidates that it holds are chosen.
 * @param options The limits, all of which count at once; how many architectures are wanted, one if left out.
 * @returns At most so many, the strongest first.
 * @throws {RangeError} If a strength is not finite, or none keeps to the limits; names the least that there is.
 * @example The three strongest within a limit of multiply-adds
 * ```ts
 * import { assert } from "@std/assert";
 * import { costOfDerivedNetwork, deriveWithin, groupsOf, limitOf, makeSpace } from "./mod.ts";
 *
 * const space = makeSpace({ name: "darts", classes: 10, inputChannels: 1, height: 28, width: 28 });
 * const strengths = Float32Array.from(groupsOf(space).exists, (_, i) => (5 * i) % 8);
 * const limits = [limitOf(space, "macs", 4_000_000)];
 * const found = deriveWithin(strengths, space, { limits, count: 3 });
 * assert(found.length === 3 && found[0]!.strength >= found[2]!.strength);
 * for (const { genotype } of found) assert(costOfDerivedNetwork({ space, genotype }).multiplyAdds <= 4_000_000);
 * ```
 */
export function deriveWithin(
  strengths: Float32Array,
  space: Space,
  { limits, count = 1 }: { limits: readonly CostLimit[]; count?: number | undefined },
): DerivedGenotype[] {
  checkStrengths(strengths);
  const places = spaceKind(space.name).places(strengths, space, limits.map(({ probes }) => probes));
  const found = fillPlaces(places, { most: limits.map(({ most }) => most), count });
  if (found.length === 0) refuse(limits, leastCosts(places));
  return found.map((chosen) => ({
    genotype: places.assemble(chosen),
    strength: chosen.reduce((sum, { strength }) => sum + strength, 0),
  }));
}

/**
 * Checks the strengths from which an architecture is to be derived.
 *
 * @param strengths One number a candidate.
 * @throws {RangeError} If one is not finite.
 */
export function checkStrengths(strengths: Float32Array): void {
  const broken = strengths.findIndex((strength) => !Number.isFinite(strength));
  if (broken < 0) return;
  throw new RangeError(
    `Cannot derive architecture: strength ${broken} is ${strengths[broken]}, expected a finite number`,
  );
}

/**
 * The least that a derived network of a space can cost.
 *
 * @param space The search space.
 * @param limit A limit of the cost in question, whatever it is.
 * @returns The cost.
 */
export function leastCost(space: Space, { probes }: Pick<CostLimit, "probes">): number {
  const kind = spaceKind(space.name);
  return leastCosts(kind.places(new Float32Array(kind.groups(space).exists.length), space, [probes]))[0]!;
}

function refuse(limits: readonly CostLimit[], least: readonly number[]): never {
  const word = (amount: number) => Number(amount.toPrecision(amount % 1 === 0 ? 15 : 3));
  const wanted = limits.map(({ most, words }) => `${word(most)} ${words}`).join(" and ");
  const there = limits.map(({ words }, i) => limits.length > 1 ? `${word(least[i]!)} ${words}` : word(least[i]!));
  const smallest = limits.length > 1 ? "taken one by one, the smallest have" : "the smallest has";
  throw new RangeError(`Cannot derive a network of at most ${wanted}: ${smallest} ${there.join(" and ")}`);
}
