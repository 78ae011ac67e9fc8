import { flattenSettings, nestSettings, type Settings } from "../run/mod.ts";
import type { Command } from "./command.ts";
import type { Values } from "./flag.ts";
import { toCamelCase } from "./flags.ts";

/** What a command's flags and operands mean: the one table between the command line and a pipeline's options. */
export type SettingTable = Pick<Command, "flags" | "operands">;

/**
 * Lists the flags that are settings, with the paths of these; flags without a path say how and where to run, not what.
 *
 * @param table The command.
 * @returns Paths such as `search.learningRate`, by flag such as `learning-rate`.
 */
export function pathsByFlag({ flags }: Pick<SettingTable, "flags">): ReadonlyMap<string, string> {
  return new Map(Object.entries(flags).flatMap(([name, { path }]) => path === undefined ? [] : [[name, path]]));
}

/**
 * Names a setting as the user types it.
 *
 * @param table The command.
 * @param path The setting's path.
 * @returns Such as `--learning-rate`, or `NAME` for an operand; the path if the command has nothing for it.
 */
export function nameSetting({ flags, operands }: SettingTable, path: string): string {
  if (operands?.path === path) return operands.name;
  const found = Object.entries(flags).find(([, flag]) => flag.path === path);
  return found === undefined ? path : `--${found[0]}`;
}

/**
 * Nests what was given on the command line.
 *
 * @param table The command.
 * @param given Values by the camelCase name of the flag, and operands.
 * @returns The settings among them, in their groups.
 */
export function nestValues(
  table: SettingTable,
  { values, operands = [] }: { values: Values; operands?: readonly string[] },
): Settings {
  const flat: Record<string, unknown> = {};
  for (const [name, path] of pathsByFlag(table)) {
    const value = values[toCamelCase(name)];
    if (value !== undefined) flat[path] = value;
  }
  const { path } = table.operands ?? {};
  if (path !== undefined && operands[0] !== undefined) flat[path] = operands[0];
  return nestSettings(flat);
}

/**
 * Lists settings as values of flags: the inverse of {@linkcode nestValues}.
 *
 * @param table The command.
 * @param settings The settings, in their groups.
 * @returns Values by the camelCase name of the flag, operands, and the paths of settings that the command has nothing for.
 */
export function flattenValues(
  table: SettingTable,
  settings: object,
): { values: Record<string, unknown>; operands: string[]; unknown: string[] } {
  const names = new Map([...pathsByFlag(table)].map(([name, path]) => [path, toCamelCase(name)]));
  const values: Record<string, unknown> = {};
  const [operands, unknown]: [string[], string[]] = [[], []];
  for (const [path, value] of Object.entries(flattenSettings(settings))) {
    const name = names.get(path);
    if (name !== undefined) values[name] = value;
    else if (path === table.operands?.path) operands.push(String(value));
    else unknown.push(path);
  }
  return { values, operands, unknown };
}
