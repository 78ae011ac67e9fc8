import type { Command, CommandGroup } from "./command.ts";
import type { Flag, Flags } from "./flag.ts";
import { heading, headWidth, list, type Page, type Row, wrap } from "./layout.ts";

const PROGRAM = "deno task rootstock";

/**
 * Words the help of the whole program.
 *
 * @param groups All commands.
 * @param page Where it is shown.
 * @returns Lines, joined.
 */
export function describeProgram(groups: readonly CommandGroup[], page: Page): string {
  const rows = groups.map(({ title, commands }) => ({ title, rows: commands.map(rowOf) }));
  const width = headWidth(rows.flatMap(({ rows }) => rows));
  return [
    ...wrap(
      "Rootstock finds small image-classification networks by grafting a dataset onto a pretrained supernet.",
      page,
    ),
    "",
    `  ${PROGRAM} <command> [options]`,
    ...rows.flatMap(({ title, rows }) => ["", heading(title, page), ...list(rows, page, width)]),
    "",
    ...wrap(`${PROGRAM} <command> --help describes a command, --version tells what is installed.`, page),
  ].join("\n");
}

/**
 * Words the help of commands that begin with the same word.
 *
 * @param family The word, such as `zoo`.
 * @param commands The commands.
 * @param page Where it is shown.
 * @returns Lines, joined.
 */
export function describeFamily(family: string, commands: readonly Command[], page: Page): string {
  return [
    `  ${PROGRAM} ${family} <command> [options]`,
    "",
    ...list(commands.map(rowOf), page),
    "",
    ...wrap(`${PROGRAM} ${family} <command> --help describes a command.`, page),
  ].join("\n");
}

/**
 * Words the help of a command: the flags that matter, or all of them.
 *
 * @param command The command.
 * @param options Where it is shown; whether to show every flag.
 * @returns Lines, joined.
 */
export function describeCommand(command: Command, { page, isWhole }: { page: Page; isWhole: boolean }): string {
  const { name, summary, operands, flags, basic = Object.keys(flags), examples } = command;
  const shown = isWhole ? flags : pick(flags, basic);
  return [
    ...wrap(summary, page),
    "",
    `  ${PROGRAM} ${name}${operands ? ` ${operands.name}` : ""} [options]`,
    ...describeFlags(shown, page),
    "",
    heading(examples.length > 1 ? "Examples" : "Example", page),
    ...examples.map((example) => `  ${example}`),
    ...describeRest(name, Object.keys(shown).length, Object.keys(flags).length, page),
  ].join("\n");
}

function describeRest(name: string, shown: number, all: number, page: Page): string[] {
  if (shown === all) return [];
  return ["", ...wrap(`${shown} of ${all} options are shown: ${PROGRAM} ${name} --help all shows every one.`, page)];
}

function describeFlags(flags: Flags, page: Page): string[] {
  const sections = Map.groupBy(Object.entries(flags), ([name, flag]) => sectionOf(name, flag));
  const rows = Object.entries(flags).map(([name, flag]) => rowOfFlag(name, flag));
  const width = headWidth(rows);
  return SECTIONS.filter((title) => sections.has(title)).flatMap((title) => {
    const rows = sections.get(title)!.map(([name, flag]) => rowOfFlag(name, flag));
    return ["", heading(title, page), ...list(rows, page, width)];
  });
}

/** Headings of flags, in the order of the help. */
const SECTIONS = ["What", "Search", "Finetuning", "Training", "Where", "Output"] as const;

/** Groups of settings that have a heading of their own; others are of what is worked on. */
const GROUPS: Readonly<Record<string, typeof SECTIONS[number]>> = {
  search: "Search",
  scratch: "Search",
  finetuning: "Finetuning",
  traditional: "Finetuning",
  training: "Training",
};

/** Flags that are no settings, or of no group. */
const WHERE = ["seed", "out", "queue", "workers", "lease", "resume", "config", "threads", "memory", "build"];
const OUTPUT = ["json", "quiet", "verbose"];

function sectionOf(name: string, { path = "" }: Flag): typeof SECTIONS[number] {
  if (WHERE.includes(name)) return "Where";
  if (OUTPUT.includes(name)) return "Output";
  // The innermost group: a comparison has those of its transfers within its own.
  return GROUPS[path.split(".").at(-2) ?? ""] ?? "What";
}

function rowOf({ name, summary }: Command): Row {
  return { head: name, text: summary };
}

function rowOfFlag(name: string, flag: Flag): Row {
  const head = `--${name}${flag.kind === "switch" ? "" : ` ${placeholder(flag)}`}`;
  return { head, text: flag.help, note: flag.default === undefined ? undefined : `default: ${flag.default}` };
}

function placeholder(flag: Flag): string {
  if (flag.value !== undefined) return flag.value;
  if (flag.kind === "choice") return flag.of.join("|");
  if (flag.kind === "text" || flag.kind === "list") return "TEXT";
  if (flag.kind === "bytes") return "SIZE";
  if (flag.kind === "duration") return "TIME";
  return "or" in flag && flag.or !== undefined ? `N|${flag.or}` : "N";
}

function pick(flags: Flags, names: readonly string[]): Flags {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => names.includes(name)));
}
