import type { Command } from "../command.ts";
import type { Flag } from "../flag.ts";

/** Programs that take the commands; `deno task install` installs them. */
export const PROGRAMS = ["rootstock", "rootstock-fast"] as const;

/** What is said of flags that every command has. */
export const HELP = { name: "help", help: "describes the command" } as const;

/** A word that may follow others. */
export interface NextWord {
  /** The word. */
  readonly word: string;
  /** One line about the command that it ends; undefined if more words follow. */
  readonly summary: string | undefined;
}

/**
 * Tells which words may follow words of a command line.
 *
 * @param commands Commands that there are.
 * @returns Words by what stands before them, such as `list` and `clear` by `data cache`; the first words by nothing.
 */
export function nextWords(commands: readonly Command[]): Map<string, NextWord[]> {
  const next = new Map<string, NextWord[]>();
  for (const { name, summary } of commands) {
    const words = name.split(" ");
    words.forEach((word, i) => {
      const before = words.slice(0, i).join(" ");
      const siblings = next.get(before) ?? [];
      if (!siblings.some((sibling) => sibling.word === word)) {
        siblings.push({ word, summary: i === words.length - 1 ? summary : undefined });
      }
      next.set(before, siblings);
    });
  }
  return next;
}

/** The values that a flag may have, if they can be listed. */
export function valuesOf(flag: Flag): string[] {
  return flag.kind === "choice" ? flag.of.map(String) : [];
}

/** Whether a flag has a value. */
export function hasValue(flag: Flag): boolean {
  return flag.kind !== "switch";
}
