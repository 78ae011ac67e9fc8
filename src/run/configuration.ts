import { join } from "node:path";
import { readJson, writeJson } from "./json_file.ts";
import { MOST_BYTES } from "./regular_file.ts";
import { RunError } from "./run_error.ts";
import { flattenSettings, type Settings } from "./settings.ts";

/** Version of the format: 1 had its settings in one flat list. */
const FORMAT = 2;

/** What a run was started with: the content of its `config.json`. */
export interface RunConfiguration {
  /** Version of the format of the run's folder. */
  readonly format: typeof FORMAT;
  /** Command, such as `transfer`. */
  readonly command: string;
  /** Options as the command's pipeline takes them, in nested groups; plain JSON data. */
  readonly configuration: Settings;
}

/** What a run is to be started or continued with. */
export interface GivenConfiguration {
  /** Command. */
  readonly command: string;
  /** Its options. */
  readonly configuration: object;
}

/** Name of the file in a run's folder. */
export const CONFIGURATION_FILE = "config.json";

/**
 * Reads what a run was started with.
 *
 * @param folder Folder of the run.
 * @returns Its configuration; undefined if it has none.
 * @throws {RunError} If the file is there but is not that of a run, or that of a run of an older version.
 */
export async function readConfiguration(folder: string): Promise<RunConfiguration | undefined> {
  const path = join(folder, CONFIGURATION_FILE);
  const value = await readJson(path, MOST_BYTES.settings);
  if (value === undefined) return undefined;
  const { format, command, configuration } = (value ?? {}) as Record<string, unknown>;
  if (format !== FORMAT) {
    const age = format === 1 ? " as an older version wrote it" : "";
    throw new RunError(`Cannot read ${path}: format is ${JSON.stringify(format)}${age}, expected ${FORMAT}`);
  }
  if (typeof command !== "string" || typeof configuration !== "object" || configuration === null) {
    throw new RunError(`Cannot read ${path}: found neither command nor configuration, expected the file of a run`);
  }
  return { format, command, configuration: configuration as Settings };
}

/** Writes what a run is started with. */
export async function writeConfiguration(
  folder: string,
  { command, configuration }: GivenConfiguration,
): Promise<void> {
  await writeJson(join(folder, CONFIGURATION_FILE), { format: FORMAT, command, configuration });
}

/**
 * Checks that a run is continued with what it was started with.
 *
 * @param folder Folder of the run, for the message.
 * @param kept What it was started with.
 * @param given What it is to be continued with.
 * @param nameOf How the user calls the setting at a path, such as `--learning-rate` for `search.learningRate`.
 * @throws {RunError} If they differ: names the setting and both values.
 */
export function compareConfiguration(
  folder: string,
  kept: GivenConfiguration,
  given: GivenConfiguration,
  nameOf: (path: string) => string = (path) => path,
): void {
  if (kept.command !== given.command) {
    throw new RunError(`Cannot resume ${folder}: it is a run of ${kept.command}, expected one of ${given.command}`);
  }
  const [before, now] = [flattenSettings(kept.configuration), flattenSettings(given.configuration)];
  for (const path of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [expected, found] = [canonical(before[path]), canonical(now[path])];
    if (expected === found) continue;
    throw new RunError(
      `Cannot resume ${folder}: ${nameOf(path)} is ${found ?? "not given"}, expected ${
        expected ?? "none"
      } as in its ${CONFIGURATION_FILE}`,
    );
  }
}

/** JSON that does not depend on the order of properties; undefined for what JSON leaves out. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, entry) => {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return entry;
    return Object.fromEntries(Object.entries(entry).sort(([a], [b]) => a < b ? -1 : 1));
  });
}
