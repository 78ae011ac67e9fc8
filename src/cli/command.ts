import type { Flags, Operands, Values } from "./flag.ts";
import type { Terminal } from "./terminal.ts";

/** What a command is called with. */
export interface Invocation {
  /** The command itself. */
  readonly command: Command;
  /** Loads all that there are. */
  readonly commands: () => Promise<readonly Command[]>;
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
  /** Names of the dozen flags that matter, which `--help` shows; `--help all` shows every one. All if left out. */
  readonly basic?: readonly string[] | undefined;
  /** Command lines that work as they stand, but for names in capitals. */
  readonly examples: readonly string[];
  /** What it takes beside flags. */
  readonly operands?: Operands | undefined;
  /** Does it; returns the exit code where it may be another than 0 without an error that ended it. */
  run(invocation: Invocation): Promise<number | void>;
}

/** Commands that belong together in the help. */
export interface CommandGroup {
  /** Heading. */
  readonly title: string;
  /** The commands. */
  readonly commands: readonly Command[];
}
