/**
 * The worked examples of docs/extending.md: code blocks that name their file.
 *
 * @module
 */
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../rules/_sources.ts";
import { codeBlocks, readText } from "./_markdown.ts";

/** A file of a recipe. */
export interface RecipeFile {
  /** Where it goes, from the root of the repository. */
  readonly path: string;
  /** Its content. */
  readonly code: string;
}

/** The files of all recipes, of one language. */
export async function listRecipeFiles(language: "ts" | "rust"): Promise<RecipeFile[]> {
  return codeBlocks(await readText("docs/extending.md")).flatMap(({ info, code }) => {
    const [first, place] = info.split(" ");
    return first === language && place?.startsWith("file=") ? [{ path: place.slice("file=".length), code }] : [];
  });
}

/**
 * Lays the TypeScript files into a folder as they would lie in the repository. Imports of one another stay, all others lead to
 * the repository's own files.
 *
 * @param folder Where to.
 * @returns The URL of each file by its path from the root.
 */
export async function layRecipes(folder: string): Promise<Map<string, string>> {
  const files = await listRecipeFiles("ts");
  const own = new Set(files.map(({ path }) => new URL(path, ROOT).href));
  const base = pathToFileURL(`${folder}/`);
  const laid = new Map<string, string>();
  for (const { path, code } of files) {
    const place = new URL(path, base);
    await Deno.mkdir(dirname(place.pathname), { recursive: true });
    const resolved = code.replace(/(\bfrom |\bimport\()"(\.[^"]+)"/g, (whole, before: string, specifier: string) => {
      const target = new URL(specifier, new URL(path, ROOT)).href;
      return own.has(target) ? whole : `${before}"${target}"`;
    });
    await Deno.writeTextFile(place, resolved);
    laid.set(path, place.href);
  }
  return laid;
}
