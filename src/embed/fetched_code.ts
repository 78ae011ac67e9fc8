/**
 * Code of the kernels as a file beside the script, for bundles (tools/embed.json puts this in the place of `own_code.js`).
 *
 * @module
 */

/** What Node has of its modules without an import, which no page would understand. */
interface Process {
  getBuiltinModule?(name: "node:fs/promises"): { readFile(file: URL): Promise<Uint8Array<ArrayBuffer>> };
}

/**
 * Fetches and compiles the code.
 *
 * @returns The code.
 * @throws {Error} If it is not there, or the runtime does not let a program compile code: it takes the module from the caller then.
 */
export async function findCode(): Promise<WebAssembly.Module> {
  const file = new URL("./rootstock.wasm", import.meta.url);
  const { process } = globalThis as { process?: Process };
  if (file.protocol === "file:" && process?.getBuiltinModule) {
    return await WebAssembly.compile(await process.getBuiltinModule("node:fs/promises").readFile(file));
  }
  const response = await fetch(file);
  if (!response.ok) throw new Error(`${file.pathname}: found status ${response.status}, expected the library's code`);
  return await WebAssembly.compile(await response.arrayBuffer());
}
