import type { PublishedTable } from "./space.ts";
import { spaceKind } from "./table.ts";

/**
 * Whether a kind of space has a published table.
 *
 * @param name Its name.
 * @returns Whether {@linkcode parsePublishedTable} can read one.
 */
export function hasPublishedTable(name: string): boolean {
  return spaceKind(name).parsePublishedTable !== undefined;
}

/**
 * Reads what was published of a space's architectures.
 *
 * @param text The table.
 * @param name The kind of space.
 * @returns The table.
 * @throws {TypeError | RangeError} If nothing was published of this space, or the text is another, cut or damaged; one line.
 */
export function parsePublishedTable(text: string, name: string): PublishedTable {
  const kind = spaceKind(name);
  if (kind.parsePublishedTable) return kind.parsePublishedTable(text);
  throw new TypeError(`nothing was published of the space ${name}, expected one with a table`);
}
