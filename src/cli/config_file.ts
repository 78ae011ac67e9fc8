import { MOST_BYTES, readRegularText } from "../run/mod.ts";
import { didYouMean } from "../text/mod.ts";
import type { Command } from "./command.ts";
import type { Given, Value } from "./flag.ts";
import { checkValue, showValue, ValueError } from "./flag_values.ts";
import { toCamelCase, UsageError } from "./flags.ts";
import { loadAll, YAMLException } from "js-yaml";

/** An alias repeats a part of a file, one in another multiplies it: settings need few of them, and hardly any depth. */
const YAML_LIMITS = { maxAliases: 100, maxDepth: 10 };

/** Flags that are of a command line, not of what is to be done. */
const NO_SETTINGS = ["config", "resume", "verbose"];

/**
 * Reads settings from a YAML or JSON file, such as the `config.json` of a run: nested as there, or by the names of flags
 * (`alpha-learning-rate`, `alphaLearningRate`).
 *
 * @param path The file; one whose name ends in `.json` is JSON, others are YAML.
 * @param command The command, whose flags' types and bounds count.
 * @returns Values by the camelCase name of the flag, and the operand, if it is a setting.
 * @throws {UsageError} If the file cannot be read, or a setting is unknown, given twice or not what its flag takes.
 */
export async function readConfigFile(path: string, command: ConfiguredCommand): Promise<Given> {
  return readSettings(await readDocument(path), path, command);
}

/**
 * Reads the only document of a YAML or JSON file.
 *
 * @param path The file; one whose name ends in `.json` is JSON, others are YAML.
 * @returns What it holds, whatever that is.
 * @throws {UsageError} If it cannot be read.
 */
export async function readDocument(path: string): Promise<unknown> {
  return parse(await readText(path), path);
}

/**
 * Reads settings from what a file holds, as {@linkcode readConfigFile} does.
 *
 * @param content What it holds.
 * @param path The file, for messages.
 * @param command The command.
 * @returns Values by the camelCase name of the flag, and the operand, if it is a setting.
 * @throws {UsageError} If a setting is unknown, given twice or not what its flag takes.
 */
export function readSettings(content: unknown, path: string, command: ConfiguredCommand): Given {
  const { settings, madeBy } = settingsOf(content);
  if (!isGroup(settings)) return refuse(path, `it holds ${showValue(settings)}, expected settings by their names`);
  const known = nameSettings(command);
  const values: Record<string, Value> = {};
  const operands: string[] = [];
  const keys: Record<string, string> = {};
  for (const [key, given] of flatten(settings, known)) {
    const name = known.get(normalise(key));
    // What a command has no flag for is as it always is in its own runs.
    if (name === undefined && madeBy === command.name) continue;
    if (name === undefined) return refuse(path, `unknown setting ${key}${origin(madeBy)}${guess(key, command)}`);
    if (Object.hasOwn(keys, name)) return refuse(path, `${keys[name]} and ${key} are the same setting, expected one`);
    keys[name] = key;
    try {
      if (name === OPERAND) operands.push(String(checkValue({ kind: "text", help: "" }, given)));
      else values[toCamelCase(name)] = checkValue(command.flags[name]!, given);
    } catch (error) {
      if (error instanceof ValueError) return refuse(path, `${key} ${error.message}`);
      throw error;
    }
  }
  return { values, operands };
}

/** What is to be known of a command whose settings are read. */
export type ConfiguredCommand = Pick<Command, "name" | "flags" | "operands">;

/** Stands for the operand among names of flags. */
const OPERAND = "";

/** Refuses a file of settings, in one line. */
export function refuse(path: string, what: string): never {
  throw new UsageError(`Cannot use ${path}: ${what}`);
}

function origin(madeBy: string | undefined): string {
  return madeBy === undefined ? "" : ` of a run of ${madeBy}`;
}

async function readText(path: string): Promise<string> {
  let text: string | undefined;
  try {
    text = await readRegularText(path, { maximumBytes: MOST_BYTES.settings });
  } catch (error) {
    throw new UsageError((error as Error).message.replace("Cannot read", "Cannot use"));
  }
  return text ?? refuse(path, "found no such file, expected a YAML or JSON file");
}

function parse(text: string, path: string): unknown {
  const isJson = path.toLowerCase().endsWith(".json");
  let documents: readonly unknown[];
  try {
    documents = isJson ? [JSON.parse(text)] : loadAll(text, YAML_LIMITS);
  } catch (error) {
    return refuse(path, `${describe(error as Error)}, expected ${isJson ? "JSON" : "YAML"}`);
  }
  if (documents.length > 1) return refuse(path, `it holds ${documents.length} documents, expected one`);
  // A file that is empty or holds comments alone has no settings.
  return documents[0] ?? {};
}

function describe(error: Error): string {
  if (!(error instanceof YAMLException)) return error.message;
  return error.mark ? `${error.reason} in line ${error.mark.line + 1}` : error.reason;
}

/** What a run was started with stands one level down in its file, which names the command. */
function settingsOf(content: unknown): { settings: unknown; madeBy?: string } {
  if (!isGroup(content) || typeof content.command !== "string" || !isGroup(content.configuration)) {
    return { settings: content };
  }
  return { settings: content.configuration, madeBy: content.command };
}

/** Names of flags by all keys that mean them: camelCase, and the path in a run's configuration. */
function nameSettings({ flags, operands }: ConfiguredCommand): Map<string, string> {
  const known = new Map<string, string>();
  if (operands?.path !== undefined) known.set(operands.path, OPERAND);
  for (const [name, { path }] of Object.entries(flags)) {
    if (NO_SETTINGS.includes(name)) continue;
    known.set(toCamelCase(name), name);
    if (path !== undefined) known.set(path, name);
  }
  return known;
}

/** Suggests the nearest key, written as the unknown one seems to be meant. */
function guess(key: string, command: ConfiguredCommand): string {
  const flags = Object.keys(command.flags).filter((name) => !NO_SETTINGS.includes(name));
  return didYouMean(key, [...flags, ...nameSettings(command).keys()]);
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

/** Whether a value of a file is a group of settings. */
export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
