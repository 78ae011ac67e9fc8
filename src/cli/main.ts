/**
 * The command line: finds the command, runs it, turns whatever goes wrong into one line and an exit code.
 *
 * @module
 */
import { Interrupt, Interrupted } from "../run/mod.ts";
import { harmless } from "../text/mod.ts";
import type { Command } from "./command.ts";
import { findCommand, findFamily } from "./find_command.ts";
import { parseFlags, UsageError } from "./flags.ts";
import { describeCommand, describeFamily, describeProgram } from "./help.ts";
import { openPage } from "./layout.ts";
import { isTrial } from "./launch.ts";
import { readRequest, type Request } from "./request.ts";
import { layerSettings } from "./layers.ts";
import { OutputClosed, writeAnswer, writeRemark } from "./streams.ts";
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
    // What was to be done is done; whoever closed the stream knows what was missed.
    if (error instanceof OutputClosed) return EXIT.done;
    writeRemark(`${lineOf(error)}\n`);
    if (args.includes("--verbose")) writeRemark(`${harmless(error.stack ?? "")}\n`);
    if (error instanceof Interrupted) return EXIT.interrupted;
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

/** One line for whatever went wrong. An error that is no message of ours is a mistake of the program, and says so. */
function lineOf(error: Error): string {
  const text = harmless(error.message.replace(/\s*\n\s*/g, " ")) || error.name;
  return isMistake(error)
    ? `Rootstock has made a mistake, please report it with the output of --verbose: ${text}`
    : text;
}

/** Whether the runtime itself has thrown an error at the program's code. */
function isMistake(error: Error): boolean {
  return error instanceof ReferenceError ||
    /^(Cannot (read|set) properties of|Cannot convert undefined)|is not (a function|iterable|defined)/.test(
      error.message,
    );
}

async function answer(request: Request): Promise<number | void> {
  if (request.kind === "version") return writeAnswer(`${describeVersion()}\n`);
  if (request.kind === "help") return writeAnswer(`${await describe(request)}\n`);
  if (request.args.length === 0) throw new UsageError("No command is given: --help lists those that there are");
  return await run(request.args);
}

/** Commands whose start counts, since programs call them for one picture: they are loaded without the others. */
const LOADED_ALONE: Readonly<Record<string, () => Promise<Command>>> = {
  predict: async () => (await import("./commands/predict.ts")).predictCommand,
};

async function run(args: readonly string[]): Promise<number | void> {
  const alone = Object.hasOwn(LOADED_ALONE, args[0]!) ? LOADED_ALONE[args[0]!] : undefined;
  const { command, rest } = findCommand(args, alone ? [await alone()] : await loadCommands());
  const { values, operands } = await layerSettings(command, parseFlags(rest, command.flags, command.operands));
  const terminal = openTerminal({ json: values.json === true, quiet: values.quiet === true });
  try {
    return await command.run({ command, commands: loadCommands, values, operands, terminal });
  } finally {
    terminal.done();
  }
}

/** Where all commands are; not written into the import, or else Deno would go through their 400 files at each start. */
const ALL_COMMANDS = "./commands/mod.ts";

async function loadAll(): Promise<typeof import("./commands/mod.ts")> {
  return await import(ALL_COMMANDS);
}

async function loadCommands(): Promise<readonly Command[]> {
  return (await loadAll()).COMMANDS;
}

async function describe({ words, isWhole }: Extract<Request, { kind: "help" }>): Promise<string> {
  const { COMMAND_GROUPS, COMMANDS } = await loadAll();
  const page = openPage();
  if (words.length === 0) return describeProgram(COMMAND_GROUPS, page);
  const head = words.join(" ");
  const family = findFamily(head, COMMANDS);
  if (family.length > 0 && !COMMANDS.some(({ name }) => name === head)) return describeFamily(head, family, page);
  return describeCommand(findCommand(words, COMMANDS).command, { page, isWhole });
}

if (import.meta.main) {
  if (isTrial()) Interrupt.followInput();
  Deno.exit(await main(Deno.args));
}
