import { didYouMean } from "../text/mod.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./flags.ts";

/**
 * Finds the command that words begin with.
 *
 * @param words Arguments of the program, at least one.
 * @param commands Commands that there are.
 * @returns The command, and the words after its name.
 * @throws {UsageError} If there is none: names the nearest.
 */
export function findCommand(
  words: readonly string[],
  commands: readonly Command[],
): { command: Command; rest: readonly string[] } {
  const first = words[0]!;
  for (const command of commands) {
    const name = command.name.split(" ");
    if (name[0] === first && name.slice(1).every((word, i) => words[i + 1] === word)) {
      return { command, rest: words.slice(name.length) };
    }
  }
  // The longest family that the words begin with: `data cache` before `data`.
  for (const count of [2, 1]) {
    const head = words.slice(0, count).join(" ");
    const family = findFamily(head, commands).map(({ name }) => name.slice(head.length + 1));
    if (family.length > 0) throw refuseWord(head, words[count], family);
  }
  const guess = didYouMean(first, new Set(commands.flatMap(({ name }) => [name, name.split(" ")[0]!])));
  throw new UsageError(`Unknown command ${JSON.stringify(first)}${guess}: --help lists those that there are`);
}

/**
 * Finds the commands of a family, such as those of `zoo` or of `data cache`.
 *
 * @param head The words that they have in common.
 * @param commands Commands that there are.
 * @returns Those that have more words after these.
 */
export function findFamily(head: string, commands: readonly Command[]): Command[] {
  return commands.filter(({ name }) => name.startsWith(`${head} `));
}

function refuseWord(head: string, next: string | undefined, family: readonly string[]): UsageError {
  const expected = `expected ${family.join(" or ")}`;
  if (next === undefined || next.startsWith("-")) {
    return new UsageError(`${head} needs a word after it: ${expected}`);
  }
  const guess = didYouMean(`${head} ${next}`, family.map((word) => `${head} ${word}`));
  return new UsageError(`Unknown command ${JSON.stringify(`${head} ${next}`)}${guess}: ${expected}`);
}
