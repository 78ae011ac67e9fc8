import { loadAll, YAMLException } from "js-yaml";
import { asRunError } from "../run/mod.ts";
import { didYouMean } from "../text/mod.ts";
import { checkValue, showValue, type Value, ValueError } from "./flag_values.ts";
import { type Flags, toCamelCase, UsageError, type Values } from "./flags.ts";

/** More than any list of settings needs. */
const MOST_BYTES = 2 ** 20;

/** An alias repeats a part of a file, one in another multiplies it: settings need few of them, and hardly any depth. */
const YAML_LIMITS = { maxAliases: 100, maxDepth: 10 };

/** Flags that are of a command line, not of what is to be done. */
const NO_SETTINGS = ["config", "resume", "verbose"];

/**
 * Reads settings from a YAML or JSON file, such as the `config.json` of a run: nested as there, or by the names of flags
 * (`alpha-learning-rate`, `alphaLearningRate`).
 *
 * @param path The file; one whose name ends in `.json` is JSON, others are YAML.
 * @param flags Flags of the command, whose types and bounds count.
 * @returns Values by the camelCase name of the flag.
 * @throws {UsageError} If the file cannot be read, or a setting is unknown, given twice or not what its flag takes.
 */
export async function readConfigFile(path: string, flags: Flags): Promise<Values> {
  const refuse = (what: string): never => {
    throw new UsageError(`Cannot use ${path}: ${what}`);
  };
  const content = settingsOf(parse(await readText(path), path));
  if (!isGroup(content)) return refuse(`it holds ${showValue(content)}, expected settings by their names`);
  const known = nameSettings(flags);
  const values: Record<string, Value> = {};
  const sources: Record<string, string> = {};
  for (const [key, given] of flatten(content, known)) {
    const name = known.get(normalise(key)) ?? refuse(`unknown setting ${key}${didYouMean(key, listNames(flags))}`);
    const setting = toCamelCase(name);
    if (Object.hasOwn(values, setting)) {
      refuse(`${sources[setting]} and ${key} are the same setting, expected one of them`);
    }
    sources[setting] = key;
    try {
      values[setting] = checkValue(flags[name]!, given);
    } catch (error) {
      if (error instanceof ValueError) refuse(`${key} ${error.message}`);
      throw error;
    }
  }
  return values;
}

async function readText(path: string): Promise<string> {
  const refuse = (what: string): never => {
    throw new UsageError(`Cannot use ${path}: ${what}`);
  };
  try {
    const { isFile, isDirectory, size } = await Deno.stat(path);
    if (!isFile) refuse(`it is ${isDirectory ? "a folder" : "a device"}, expected a YAML or JSON file`);
    if (size > MOST_BYTES) refuse(`it has ${size} bytes, expected at most ${MOST_BYTES}`);
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(asRunError(`Cannot use ${path}`, error).message);
  }
}

function parse(text: string, path: string): unknown {
  const isJson = path.toLowerCase().endsWith(".json");
  let documents: readonly unknown[];
  try {
    documents = isJson ? [JSON.parse(text)] : loadAll(text, YAML_LIMITS);
  } catch (error) {
    throw new UsageError(`Cannot use ${path}: ${describe(error as Error)}, expected ${isJson ? "JSON" : "YAML"}`);
  }
  if (documents.length > 1) {
    throw new UsageError(`Cannot use ${path}: it holds ${documents.length} documents, expected one`);
  }
  // A file that is empty or holds comments alone has no settings.
  return documents[0] ?? {};
}

function describe(error: Error): string {
  if (!(error instanceof YAMLException)) return error.message;
  return error.mark ? `${error.reason} in line ${error.mark.line + 1}` : error.reason;
}

/** What a run was started with stands one level down in its file. */
function settingsOf(content: unknown): unknown {
  const isRun = isGroup(content) && typeof content.command === "string" && isGroup(content.configuration);
  return isRun ? content.configuration : content;
}

/** Names of flags by all keys that mean them: camelCase, and the path in a run's configuration. */
function nameSettings(flags: Flags): Map<string, string> {
  const known = new Map<string, string>();
  for (const [name, { path }] of Object.entries(flags)) {
    if (NO_SETTINGS.includes(name)) continue;
    known.set(toCamelCase(name), name);
    if (path !== undefined) known.set(path, name);
  }
  return known;
}

/** Keys that a message may suggest. */
function listNames(flags: Flags): string[] {
  return Object.entries(flags).flatMap(([name, { path }]) => {
    if (NO_SETTINGS.includes(name)) return [];
    return [name, toCamelCase(name), ...path === undefined ? [] : [path]];
  });
}

/** Settings of all groups, each with its path as it is written in the file. */
function* flatten(
  group: Readonly<Record<string, unknown>>,
  known: ReadonlyMap<string, string>,
  prefix = "",
): Generator<[string, unknown]> {
  for (const [key, value] of Object.entries(group)) {
    const path = `${prefix}${key}`;
    const inside = `${normalise(path)}.`;
    // Only known groups are entered, so what a file nests or repeats within others costs nothing.
    const isEntered = isGroup(value) && [...known.keys()].some((name) => name.startsWith(inside));
    if (isEntered) yield* flatten(value, known, `${path}.`);
    else yield [path, value];
  }
}

function normalise(path: string): string {
  return path.split(".").map(toCamelCase).join(".");
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
