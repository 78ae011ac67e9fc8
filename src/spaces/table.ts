import { DARTS } from "./darts/kind.ts";
import { NASBENCH201 } from "./nasbench201/kind.ts";
import type { SpaceKind } from "./space.ts";

/** The kinds of search space, one row each. */
const SPACES = new Map<string, SpaceKind>([DARTS, NASBENCH201].map((kind) => [kind.name, kind]));

/**
 * Adds a kind of search space to those that every command knows.
 *
 * @param kind The kind.
 * @throws {RangeError} If there is one of that name.
 */
export function registerSpace(kind: SpaceKind): void {
  if (SPACES.has(kind.name)) throw new RangeError(`Cannot register space ${kind.name}: there is one of that name`);
  SPACES.set(kind.name, kind);
}

/**
 * Lists the kinds of search space.
 *
 * @returns The kinds, in the order of their registration.
 */
export function listSpaces(): SpaceKind[] {
  return [...SPACES.values()];
}

/**
 * Finds a kind of search space.
 *
 * @param name Its name.
 * @returns The kind.
 * @throws {TypeError} If there is none; names those that there are.
 */
export function spaceKind(name: unknown): SpaceKind {
  const kind = SPACES.get(name as string);
  if (kind !== undefined) return kind;
  const known = [...SPACES.keys()].map((name) => JSON.stringify(name)).join(", ");
  throw new TypeError(
    `Cannot read space: name is ${JSON.stringify(name)}, expected ${SPACES.size > 1 ? "one of " : ""}${known}`,
  );
}
