import type { Command } from "../command.ts";
import { completionForBash } from "../completion/bash.ts";
import { completionForFish } from "../completion/fish.ts";
import { completionForZsh } from "../completion/zsh.ts";
import { writeAnswer } from "../streams.ts";

const SHELLS = { bash: completionForBash, zsh: completionForZsh, fish: completionForFish } as const;

/**
 * Makes `completion bash`, `completion zsh`, `completion fish`: scripts by which a shell completes command lines.
 *
 * @param list Gives all commands, these among them.
 * @returns The commands.
 */
export function completionCommandsOf(list: () => readonly Command[]): Command[] {
  return Object.entries(SHELLS).map(([shell, word]) => ({
    name: `completion ${shell}`,
    summary: `Prints what makes ${shell} complete commands and flags of the installed rootstock.`,
    examples: [`deno task rootstock completion ${shell}`],
    flags: {},
    // deno-lint-ignore require-await
    async run() {
      writeAnswer(word(list()));
    },
  }));
}
