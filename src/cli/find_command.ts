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
  const family = findFamily(first, commands).map(({ name }) => name.slice(first.length + 1));
  if (family.length > 0) throw refuseWord(first, words[1], family);
  const guess = didYouMean(first, new Set(commands.flatMap(({ name }) => [name, name.split(" ")[0]!])));
  throw new UsageError(`Unknown command ${JSON.stringify(first)}${guess}: --help lists those that there are`);
}

/**
 * Finds the commands of a family, such as those of `zoo`.
 *
 * @param first Its word.
 * @param commands Commands that there are.
 * @returns Those whose first of two words it is.
 */
export function findFamily(first: string, commands: readonly Command[]): Command[] {
  return commands.filter(({ name }) => name.startsWith(`${first} `));
}

function refuseWord(first: string, second: string | undefined, family: readonly string[]): UsageError {
  const expected = `expected ${family.join(" or ")}`;
  if (second === undefined || second.startsWith("-")) {
    return new UsageError(`${first} needs a word after it: ${expected}`);
  }
  const guess = didYouMean(`${first} ${second}`, family.map((word) => `${first} ${word}`));
  return new UsageError(`Unknown command ${JSON.stringify(`${first} ${second}`)}${guess}: ${expected}`);
}
