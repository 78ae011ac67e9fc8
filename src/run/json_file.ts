import { writeAtomic } from "./atomic_file.ts";
import { MOST_BYTES, readRegularText } from "./regular_file.ts";
import { RunError } from "./run_error.ts";

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
 * @param maximumBytes Its greatest length.
 * @returns The data; undefined if there is no such file.
 * @throws {RunError} If it cannot be read or is not JSON; names the file.
 */
export async function readJson(path: string, maximumBytes: number = MOST_BYTES.json): Promise<unknown | undefined> {
  const text = await readRegularText(path, { maximumBytes });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RunError(`Cannot read ${path}: it is not JSON: the file is damaged or cut off`, { cause });
  }
}
