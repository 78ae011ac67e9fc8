import type { Space } from "../../spaces/mod.ts";
import { createDarts } from "./darts.ts";
import type { SearchMethod } from "./method.ts";

const METHODS: Readonly<Record<string, (space: Space) => SearchMethod>> = { darts: createDarts };

/** Names of the search methods, for the command line. */
export const METHOD_NAMES: readonly string[] = Object.keys(METHODS);

/**
 * Creates a search method by its name.
 *
 * @param name One of {@linkcode METHOD_NAMES}.
 * @param space The search space.
 * @returns The method.
 * @throws {RangeError} If there is no such method; names those that there are.
 */
export function createMethod(name: string, space: Space): SearchMethod {
  const create = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (create === undefined) {
    throw new RangeError(
      `Cannot search: method is ${JSON.stringify(name)}, expected one of ${METHOD_NAMES.join(", ")}`,
    );
  }
  return create(space);
}
