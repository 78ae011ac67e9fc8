import { describeFlags, type Flags, type Operands, type Values } from "./flags.ts";
import type { Terminal } from "./terminal.ts";

/** What a command is called with. */
export interface Invocation {
  /** The command itself. */
  readonly command: Command;
  /** Flags that were given. */
  readonly values: Values;
  /** Everything beside flags. */
  readonly operands: readonly string[];
  /** Where to say what. */
  readonly terminal: Terminal;
}

/** A command of the command line. */
export interface Command {
  /** Its words, such as `zoo show`. */
  readonly name: string;
  /** One line of help. */
  readonly summary: string;
  /** Flags that it knows. */
  readonly flags: Flags;
  /** What it takes beside them. */
  readonly operands?: Operands | undefined;
  /** Does it. */
  run(invocation: Invocation): Promise<void>;
}

/** Words the help of a command. */
export function describeCommand({ name, summary, flags, operands }: Command): string {
  const usage = `deno task rootstock ${name}${operands ? ` ${operands.name}` : ""} [options]`;
  return [summary, "", `  ${usage}`, "", ...describeFlags(flags)].join("\n");
}
