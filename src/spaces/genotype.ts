import { limitOf } from "./costs.ts";
import { checkStrengths, deriveWithin } from "./derive_within.ts";
import { costOfDerivedNetwork } from "./derived_network.ts";
import type { Cell, Genotype, Space } from "./space.ts";
import { spaceKind } from "./table.ts";

/**
 * Cuts the strongest architecture out of a supernet.
 *
 * @param strengths One number a candidate, in the layout of the mixing weights (a method's `strengths`).
 * @param space The search space; only candidates that it holds are chosen. Its number of classes counts for the limit.
 * @param maxParameters Most parameters of the derived network, classifier included; no limit if left out.
 * @returns The architecture.
 * @throws {RangeError} If a strength is not finite, or no architecture fits; names the smallest size.
 * @example Within a limit of parameters
 * ```ts
 * import { assert } from "@std/assert";
 * import { costOfDerivedNetwork, deriveGenotype, groupsOf, makeSpace } from "./mod.ts";
 *
 * const space = makeSpace({ name: "darts", classes: 10, inputChannels: 1, height: 28, width: 28 });
 * const strengths = Float32Array.from(groupsOf(space).exists, (_, i) => (5 * i) % 8);
 * const size = (limit?: number) =>
 *   costOfDerivedNetwork({ space, genotype: deriveGenotype(strengths, space, limit) }).parameters;
 * const limit = size() - 1;
 * assert(size(limit) <= limit);
 * ```
 */
export function deriveGenotype(strengths: Float32Array, space: Space, maxParameters = Infinity): Genotype {
  checkStrengths(strengths);
  const strongest = spaceKind(space.name).derive(strengths, space);
  if (maxParameters === Infinity) return strongest;
  if (costOfDerivedNetwork({ space, genotype: strongest }).parameters <= maxParameters) return strongest;
  return deriveWithin(strengths, space, { limits: [limitOf(space, "parameters", maxParameters)] })[0]!.genotype;
}

/**
 * Draws an architecture uniformly.
 *
 * @param seed The same seed gives the same architecture.
 * @param space The search space.
 * @returns The architecture.
 * @example The seed decides
 * ```ts
 * import { assert } from "@std/assert";
 * import { equalGenotypes, makeSpace, randomGenotype } from "./mod.ts";
 *
 * const space = makeSpace({ name: "darts", classes: 10, inputChannels: 1, height: 28, width: 28 });
 * assert(equalGenotypes(randomGenotype(1, space), randomGenotype(1, space), space.name));
 * assert(!equalGenotypes(randomGenotype(1, space), randomGenotype(2, space), space.name));
 * ```
 */
export function randomGenotype(seed: number, space: Space): Genotype {
  return spaceKind(space.name).randomGenotype(seed, space);
}

/**
 * Checks an architecture that comes from outside.
 *
 * @param value Any value, such as parsed JSON.
 * @param space Name of its kind of space.
 * @returns The architecture, holding nothing but its own entries.
 * @throws {TypeError | RangeError} If it is none; names the entry, found and expected.
 */
export function checkGenotype(value: unknown, space: string): Genotype {
  return spaceKind(space).checkGenotype(value);
}

/**
 * Reads an architecture from text: JSON, or the notation of the code base from which the space comes.
 *
 * @param text The text.
 * @param space Name of its kind of space.
 * @returns The architecture, checked.
 * @throws {SyntaxError} If the text is neither; says where and what was expected.
 * @throws {TypeError | RangeError} If it is no architecture; names the entry, found and expected.
 */
export function parseGenotype(text: string, space: string): Genotype {
  return spaceKind(space).parseGenotype(text);
}

/**
 * Writes an architecture in one line, in the notation of the code base from which the space comes.
 *
 * @param genotype The architecture.
 * @param space Name of its kind of space.
 * @returns What {@linkcode parseGenotype} reads.
 * @example A round trip through text
 * ```ts
 * import { assertEquals, assertMatch } from "@std/assert";
 * import { formatGenotype, makeSpace, parseGenotype, randomGenotype } from "./mod.ts";
 *
 * const space = makeSpace({ name: "darts", classes: 10, inputChannels: 1, height: 28, width: 28 });
 * const genotype = randomGenotype(1, space);
 * const text = formatGenotype(genotype, space.name);
 * assertMatch(text, /^Genotype\(normal=\[/);
 * assertEquals(parseGenotype(text, space.name), genotype);
 * ```
 */
export function formatGenotype(genotype: Genotype, space: string): string {
  return spaceKind(space).formatGenotype(genotype);
}

/**
 * Whether two architectures of a kind of space are the same, however they are written.
 *
 * @param a One, checked.
 * @param b The other, checked.
 * @param space Name of their kind of space.
 * @returns Whether their derived networks are the same.
 */
export function equalGenotypes(a: Genotype, b: Genotype, space: string): boolean {
  return spaceKind(space).equalGenotypes(a, b);
}

/**
 * Describes an architecture for a picture.
 *
 * @param genotype The architecture.
 * @param space Name of its kind of space.
 * @returns Its cells, or whatever else it is made of.
 */
export function cellsOf(genotype: Genotype, space: string): Cell[] {
  return spaceKind(space).cells(genotype);
}
