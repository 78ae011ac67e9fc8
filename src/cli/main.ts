/**
 * The command line: finds the command, runs it, turns whatever goes wrong into one line and an exit code.
 *
 * @module
 */
import { Interrupted } from "../run/mod.ts";
import { COMMAND_GROUPS, COMMANDS } from "./commands/mod.ts";
import { findCommand, findFamily } from "./find_command.ts";
import { parseFlags, UsageError } from "./flags.ts";
import { describeCommand, describeFamily, describeProgram } from "./help.ts";
import { openPage } from "./layout.ts";
import { readRequest, type Request } from "./request.ts";
import { layerSettings } from "./layers.ts";
import { openTerminal } from "./terminal.ts";
import { describeVersion } from "./version.ts";

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
    return await answer(readRequest(args)) ?? EXIT.done;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const line = error.message.replace(/\s*\n\s*/g, " ") || error.name;
    console.error(line);
    if (args.includes("--verbose")) console.error(error.stack);
    if (error instanceof Interrupted) return EXIT.interrupted;
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

async function answer(request: Request): Promise<number | void> {
  if (request.kind === "version") return console.log(describeVersion());
  if (request.kind === "help") return console.log(describe(request));
  if (request.args.length === 0) throw new UsageError("No command is given: --help lists those that there are");
  return await run(request.args);
}

async function run(args: readonly string[]): Promise<number | void> {
  const { command, rest } = findCommand(args, COMMANDS);
  const { values, operands } = await layerSettings(command, parseFlags(rest, command.flags, command.operands));
  const terminal = openTerminal({ json: values.json === true, quiet: values.quiet === true });
  try {
    return await command.run({ command, values, operands, terminal });
  } finally {
    terminal.done();
  }
}

function describe({ words, isWhole }: Extract<Request, { kind: "help" }>): string {
  const page = openPage();
  const [first] = words;
  if (first === undefined) return describeProgram(COMMAND_GROUPS, page);
  const family = findFamily(first, COMMANDS);
  if (family.length > 0 && words.length === 1) return describeFamily(first, family, page);
  return describeCommand(findCommand(words, COMMANDS).command, { page, isWhole });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
