/**
 * The repository's own files, for the rules.
 *
 * @module
 */

/** The repository's root. */
export const ROOT: URL = new URL("../../", import.meta.url);

/**
 * Files below a folder, sorted, as paths from the root with forward slashes.
 *
 * @param folder Path from the root, ending in a slash; a folder that does not exist has no files.
 * @param ending Only files whose name ends so.
 */
export async function listFiles(folder: string, ending: string): Promise<string[]> {
  const files: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
      if (isDirectory) files.push(...await listFiles(`${folder}${name}/`, ending));
      else if (name.endsWith(ending)) files.push(folder + name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files.sort();
}

/** Text of a file, by its path from the root. */
export function readText(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, ROOT));
}

/** What a module imports: relative specifiers resolved to paths from the root, others as they are written. */
export function importsOf(path: string, text: string): string[] {
  const specifiers =
    /^(?:(?:import|export|\})[^"\n]*\bfrom|import)\s*"([^"]+)"|\b(?:import|new\s+URL)\s*\(\s*"([^"]+)"/gm;
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  return Array.from(code.matchAll(specifiers), ([, declared, called]) => resolve(path, (declared ?? called)!));
}

function resolve(path: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, `root:///${path}`).pathname.slice(1);
}
