import { didYouMean } from "../text/mod.ts";
import type { Flag, Flags, Given, Operands, Value } from "./flag.ts";
import { describeExpected, readValue, ValueError } from "./flag_values.ts";
import { parseArgs } from "@std/cli/parse-args";

/** A command line that cannot be understood: one line that names the flag and says what to do. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Reads the arguments of a command.
 *
 * @param args Arguments after the command's name.
 * @param flags Flags that it knows.
 * @param operands What it takes beside them; nothing if left out.
 * @returns Values of the flags that were given, and the operands.
 * @throws {UsageError} If a flag is unknown, lacks its value or has a wrong one, or operands are missing or too many.
 */
export function parseFlags(
  args: readonly string[],
  flags: Flags,
  operands: Operands = { name: "", least: 0, most: 0 },
): Given {
  const names = Object.keys(flags);
  const isSwitch = (name: string) => flags[name]!.kind === "switch";
  const parsed = parseArgs(joinNegative(args, names), {
    boolean: names.filter(isSwitch),
    string: [...names.filter((name) => !isSwitch(name)), "_"],
    unknown: (arg, key) => key === undefined || refuse(arg.split("=")[0]!, names),
  });
  const values: Record<string, Value> = {};
  for (const name of names) {
    const given: unknown = parsed[name];
    if (given === undefined || given === false) continue;
    values[toCamelCase(name)] = isSwitch(name) ? true : readFlag(name, flags[name]!, String(given));
  }
  const rest = parsed._.map(String);
  requireOperands(rest, operands);
  return { values, operands: rest };
}

/** `--seed -1` as `--seed=-1`: a number after a flag is its value, however it begins. */
function joinNegative(args: readonly string[], names: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1);
    if (/^-\d/.test(arg) && before?.startsWith("--") && names.includes(before.slice(2))) {
      joined.push(`${joined.pop()}=${arg}`);
    } else joined.push(arg);
  }
  return joined;
}

function refuse(flag: string, names: readonly string[]): never {
  const guess = didYouMean(flag, names.map((name) => `--${name}`));
  throw new UsageError(`Unknown flag ${flag}${guess}: --help all lists those that there are`);
}

function readFlag(name: string, flag: Flag, given: string): Value {
  if (given === "") {
    throw new UsageError(`--${name} lacks its value: expected ${describeExpected(flag)}, as in --${name}=…`);
  }
  try {
    return readValue(flag, given);
  } catch (error) {
    if (error instanceof ValueError) throw new UsageError(`--${name} ${error.message}`);
    throw error;
  }
}

function requireOperands(found: readonly string[], { name, least, most }: Operands): void {
  if (found.length > most) {
    throw new UsageError(`Unexpected argument ${JSON.stringify(found[most])}: --help shows what the command takes`);
  }
  if (found.length < least) throw new UsageError(`${name} is missing: --help shows what the command takes`);
}

/** `alpha-learning-rate` as `alphaLearningRate`. */
export function toCamelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
