/**
 * The `@example` blocks of docstrings in src/.
 *
 * @module
 */
import { ROOT } from "../rules/_sources.ts";

/** An example of a docstring. */
export interface Example {
  /** Its file, from the root of the repository, and the line of its tag. */
  readonly place: string;
  /** What stands behind the tag. */
  readonly title: string;
  /** The fenced code; undefined if there is none of that language right below the tag. */
  readonly code: string | undefined;
}

/**
 * Finds the examples of a file.
 *
 * @param path The file, from the root of the repository.
 * @param text Its text.
 * @returns Its examples, in their order.
 */
export function examplesOf(path: string, text: string): Example[] {
  return Array.from(text.matchAll(/\/\*\*[\s\S]*?\*\//g)).flatMap(({ 0: comment, index }) => {
    const doc = comment.replace(/^ *\*(\/| ?)/gm, "");
    return Array.from(doc.matchAll(/^@example\b(.*)\n(?:```ts\n([\s\S]*?)^```$)?/gm)).map((found) => {
      const line = (text.slice(0, index) + doc.slice(0, found.index)).split("\n").length;
      return { place: `${path}:${line}`, title: found[1]!.trim(), code: found[2] };
    });
  });
}

/**
 * Makes a program of an example that runs from anywhere.
 *
 * @param example Its imports lead to other files as seen from the file of the docstring.
 * @returns The code with absolute imports.
 */
export function resolveExample({ place, code = "" }: Example): string {
  return code.replace(/(\bfrom )"(\.[^"]+)"/g, (_, before: string, specifier: string) => {
    return `${before}"${new URL(specifier, new URL(place, ROOT)).href}"`;
  });
}
