import { join } from "node:path";
import { readJson, writeJson } from "./json_file.ts";
import { RunError } from "./run_error.ts";

/** What a run was started with: the content of its `config.json`. */
export interface RunConfiguration {
  /** Version of the format of the run's folder. */
  readonly format: 1;
  /** Command, such as `transfer`. */
  readonly command: string;
  /** Settings by the camelCase name of their flag; plain JSON data. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** Name of the file in a run's folder. */
export const CONFIGURATION_FILE = "config.json";

/**
 * Reads what a run was started with.
 *
 * @param folder Folder of the run.
 * @returns Its configuration; undefined if it has none.
 * @throws {RunError} If the file is there but is not that of a run.
 */
export async function readConfiguration(folder: string): Promise<RunConfiguration | undefined> {
  const path = join(folder, CONFIGURATION_FILE);
  const value = await readJson(path);
  if (value === undefined) return undefined;
  const { format, command, configuration } = (value ?? {}) as Record<string, unknown>;
  if (format !== 1) throw new RunError(`Cannot read ${path}: format is ${JSON.stringify(format)}, expected 1`);
  if (typeof command !== "string" || typeof configuration !== "object" || configuration === null) {
    throw new RunError(`Cannot read ${path}: found neither command nor configuration, expected the file of a run`);
  }
  return { format, command, configuration: configuration as Record<string, unknown> };
}

/** Writes what a run is started with. */
export async function writeConfiguration(
  folder: string,
  { command, configuration }: Omit<RunConfiguration, "format">,
): Promise<void> {
  await writeJson(join(folder, CONFIGURATION_FILE), { format: 1, command, configuration });
}

/**
 * Checks that a run is continued with what it was started with.
 *
 * @param folder Folder of the run, for the message.
 * @param kept What it was started with.
 * @param given What it is to be continued with.
 * @throws {RunError} If they differ: names the flag and both values.
 */
export function compareConfiguration(
  folder: string,
  kept: Omit<RunConfiguration, "format">,
  given: Omit<RunConfiguration, "format">,
): void {
  if (kept.command !== given.command) {
    throw new RunError(`Cannot resume ${folder}: it is a run of ${kept.command}, expected one of ${given.command}`);
  }
  for (const key of new Set([...Object.keys(kept.configuration), ...Object.keys(given.configuration)])) {
    const [before, now] = [canonical(kept.configuration[key]), canonical(given.configuration[key])];
    if (before === now) continue;
    throw new RunError(
      `Cannot resume ${folder}: --${toFlag(key, kept.command)} is ${now ?? "not given"}, expected ${
        before ?? "none"
      } as in its ${CONFIGURATION_FILE}`,
    );
  }
}

/** The flag of a setting. A training's own settings carry `train` where other commands have one of that name, too. */
function toFlag(key: string, command: string): string {
  const name = command === "train" ? key.replace(/^train(?=[A-Z])/, "").replace(/^[A-Z]/, (c) => c.toLowerCase()) : key;
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** JSON that does not depend on the order of properties; undefined for what JSON leaves out. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, entry) => {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return entry;
    return Object.fromEntries(Object.entries(entry).sort(([a], [b]) => a < b ? -1 : 1));
  });
}
