import { writeAtomic } from "./atomic_file.ts";
import { asRunError, RunError } from "./run_error.ts";

/**
 * Writes plain data as an indented JSON file, atomically.
 *
 * @param path The file; one that is there is replaced.
 * @param value The data.
 * @throws {RunError} If it cannot be written.
 */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Reads a JSON file.
 *
 * @param path The file.
 * @returns The data; undefined if there is no such file.
 * @throws {RunError} If it cannot be read or is not JSON; names the file.
 */
export async function readJson(path: string): Promise<unknown | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw asRunError(`Cannot read ${path}`, error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RunError(`Cannot read ${path}: ${(error as Error).message}, expected JSON`);
  }
}
