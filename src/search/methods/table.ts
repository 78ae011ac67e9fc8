import { adaptSpace, type Space } from "../../spaces/mod.ts";
import { BETA_DARTS } from "./beta_darts.ts";
import { DARTS } from "./darts.ts";
import { DRNAS } from "./drnas.ts";
import { EVOLUTION } from "./evolution.ts";
import { GDAS } from "./gdas.ts";
import { IS_DARTS } from "./is_darts.ts";
import type { MethodRow, SearchMethod } from "./method.ts";
import { OLES } from "./oles.ts";
import { PC_DARTS } from "./pc_darts.ts";
import { RANDOM } from "./random.ts";
import { SDARTS_RS } from "./sdarts_rs.ts";

/** The search methods, one row each. */
const METHODS = new Map<string, MethodRow>(
  [DARTS, BETA_DARTS, IS_DARTS, PC_DARTS, DRNAS, SDARTS_RS, OLES, GDAS, EVOLUTION, RANDOM].map((
    row,
  ) => [row.name, row]),
);

/**
 * Adds a search method to those that every command knows.
 *
 * @param row The method.
 * @throws {RangeError} If there is one of that name.
 */
export function registerMethod(row: MethodRow): void {
  if (METHODS.has(row.name)) throw new RangeError(`Cannot register method ${row.name}: there is one of that name`);
  METHODS.set(row.name, row);
}

/**
 * Lists the search methods.
 *
 * @returns Their rows, in the order of their registration.
 */
export function listMethods(): MethodRow[] {
  return [...METHODS.values()];
}

/**
 * Finds a search method.
 *
 * @param name Its name.
 * @returns Its row of the table.
 * @throws {RangeError} If there is none; names those that there are.
 */
export function methodRow(name: string): MethodRow {
  const row = METHODS.get(name);
  if (row !== undefined) return row;
  throw new RangeError(
    `Cannot search: method is ${JSON.stringify(name)}, expected one of ${[...METHODS.keys()].join(", ")}`,
  );
}

/**
 * Puts a search method to work on a space.
 *
 * @param name Name of the method.
 * @param space The search space, adapted to the method ({@linkcode spaceForMethod}).
 * @returns The method.
 * @throws {RangeError} If there is no such method; names those that there are.
 * @example DARTS' strengths are shares, which the derivation ranks
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { deriveGenotype, makeSpace } from "../../spaces/mod.ts";
 * import { countAlpha, createMethod } from "../mod.ts";
 *
 * const space = makeSpace({ name: "darts", classes: 10, inputChannels: 1, height: 28, width: 28 });
 * const method = createMethod("darts", space);
 * const alpha = Float32Array.from({ length: countAlpha(method.parameters) }, (_, i) => Math.sin(i));
 * const strengths = method.strengths(alpha);
 * const candidates = method.parameters[0]!.shape[1]!;
 * assertAlmostEquals(strengths.subarray(0, candidates).reduce((sum, share) => sum + share), 1, 1e-6);
 * assertEquals(deriveGenotype(strengths, space), deriveGenotype(strengths.map((share) => share / 2), space));
 * ```
 */
export function createMethod(name: string, space: Space): SearchMethod {
  return methodRow(name).create(space);
}

/**
 * The space in which a method searches: with a supernet as it asks for.
 *
 * @param name Name of the method.
 * @param space The search space.
 * @returns The space itself if the method asks for nothing.
 * @throws {RangeError} If there is no such method, or the space cannot grant what it asks for; names it.
 */
export function spaceForMethod(name: string, space: Space): Space {
  return adaptSpace(space, methodRow(name).supernet);
}
