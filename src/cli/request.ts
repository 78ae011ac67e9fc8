/** What a command line asks for. */
export type Request =
  | { readonly kind: "run"; readonly args: readonly string[] }
  | { readonly kind: "version" }
  | {
    readonly kind: "help";
    /** Words of the command, if one is named. */
    readonly words: readonly string[];
    /** Whether every flag is to be shown. */
    readonly isWhole: boolean;
  };

/**
 * Tells what a command line asks for: `--help`, `-h` and `--version`, `-V` may stand anywhere before a lone `--`, `help` at its
 * beginning; `all` after a word of help asks for every flag.
 *
 * @param args Arguments after the program's name.
 * @returns What to do.
 */
export function readRequest(args: readonly string[]): Request {
  const end = args.indexOf("--");
  const flags = end < 0 ? args : args.slice(0, end);
  if (flags.some((arg) => arg === "--version" || arg === "-V")) return { kind: "version" };
  const words = wordsOf(flags);
  if (words[0] === "help") return { kind: "help", ...splitAll(words.slice(1)) };
  const at = flags.findIndex((arg) => arg === "--help" || arg === "-h" || arg === "--help=all");
  if (at < 0) return { kind: "run", args };
  const isWhole = flags[at] === "--help=all" || flags[at + 1] === "all";
  // Before the flag or after it: `zoo --help show` means what `zoo show --help` does.
  return { kind: "help", words: at > 0 ? words : splitAll(wordsOf(flags.slice(1))).words, isWhole };
}

/** Words up to the first flag. */
function wordsOf(args: readonly string[]): string[] {
  const first = args.findIndex((arg) => arg.startsWith("-"));
  return first < 0 ? [...args] : args.slice(0, first);
}

function splitAll(words: readonly string[]): { words: readonly string[]; isWhole: boolean } {
  const isWhole = words.includes("all");
  return { words: words.filter((word) => word !== "all"), isWhole };
}
