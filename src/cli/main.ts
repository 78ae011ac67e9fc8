/**
 * The command line: finds the command, runs it, turns whatever goes wrong into one line and an exit code.
 *
 * @module
 */
import { Interrupted } from "../run/mod.ts";
import { type Command, describeCommand } from "./command.ts";
import { COMMANDS } from "./commands/mod.ts";
import { parseFlags, UsageError } from "./flags.ts";
import { openTerminal } from "./terminal.ts";

/** Exit codes: as is usual for a program that a signal stopped, an interrupted run ends with 130. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * Runs a command line.
 *
 * @param args Arguments after the program's name.
 * @returns Exit code.
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const line = error.message.replace(/\s*\n\s*/g, " ") || error.name;
    console.error(line);
    if (args.includes("--verbose")) console.error(error.stack);
    if (error instanceof Interrupted) return EXIT.interrupted;
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const isAskingForHelp = args.some((arg) => arg === "--help" || arg === "-h") || args[0] === "help";
  const words = args.filter((arg) => arg !== "help" && arg !== "--help" && arg !== "-h");
  if (words.length === 0) {
    if (!isAskingForHelp) throw new UsageError("No command is given: --help lists those that there are");
    console.log(describeAll());
    return EXIT.done;
  }
  const { command, rest } = findCommand(words);
  if (isAskingForHelp) {
    console.log(describeCommand(command));
    return EXIT.done;
  }
  const { values, operands } = parseFlags(rest, command.flags, command.operands);
  const terminal = openTerminal({ json: values.json === true, quiet: values.quiet === true });
  try {
    await command.run({ command, values, operands, terminal });
  } finally {
    terminal.done();
  }
  return EXIT.done;
}

function findCommand(words: readonly string[]): { command: Command; rest: readonly string[] } {
  const first = words[0]!;
  for (const command of COMMANDS) {
    const name = command.name.split(" ");
    if (name[0] === first && name.slice(1).every((word, i) => words[i + 1] === word)) {
      return { command, rest: words.slice(name.length) };
    }
  }
  const family = COMMANDS.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name.split(" ")[1]);
  if (family.length > 0) throw new UsageError(`${first} needs a word after it: expected ${family.join(" or ")}`);
  throw new UsageError(`Unknown command ${JSON.stringify(first)}: --help lists those that there are`);
}

function describeAll(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return [
    "Rootstock finds small image-classification networks by grafting a dataset onto a pretrained supernet.",
    "",
    "  deno task rootstock <command> [options]",
    "",
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "deno task rootstock <command> --help describes a command.",
  ].join("\n");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
