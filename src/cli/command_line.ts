import type { Command } from "./command.ts";
import type { Flag } from "./flag.ts";
import { toCamelCase } from "./flags.ts";
import { flattenValues } from "./setting_paths.ts";

/** Words that no shell reads in another way. */
const PLAIN = /^[\w.,:=@%+/-]+$/;

/**
 * Writes the command line that runs a configuration anew, in a folder of its own.
 *
 * @param command The command.
 * @param run `configuration`: its settings in their groups; `mode`: how the process was launched, `fast` or another.
 * @returns The command line, quoted for a POSIX shell; undefined if a setting has no flag.
 */
export function commandLineOf(
  command: Command,
  { configuration, mode }: { configuration: Readonly<Record<string, unknown>>; mode?: string | undefined },
): string | undefined {
  const { values, operands, unknown } = flattenValues(command, configuration);
  if (unknown.length > 0) return undefined;
  // A preset moves defaults, so that all is said beside one.
  const isDefault = (flag: Flag, value: unknown) =>
    values.preset === undefined && flag.default !== undefined && String(flag.default) === String(value);
  const flags = Object.entries(command.flags).flatMap(([name, flag]) => {
    const value = values[toCamelCase(name)];
    if (value === undefined || value === null || value === false || isDefault(flag, value)) return [];
    return value === true ? [`--${name}`] : [`--${name} ${quote(String(value))}`];
  });
  const task = mode === "fast" ? "fast" : "rootstock";
  return [`deno task ${task} ${command.name}`, ...operands.map(quote), ...flags].join(" ");
}

function quote(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
