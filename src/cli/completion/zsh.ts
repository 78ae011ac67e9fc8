import type { Command } from "../command.ts";
import { completionForBash } from "./bash.ts";

/**
 * Words the completion for zsh: that for bash, which zsh itself knows how to run.
 *
 * @param commands Commands that there are.
 * @returns A script for `eval` or `source`.
 */
export function completionForZsh(commands: readonly Command[]): string {
  return `# Completion of rootstock for zsh: eval "$(rootstock completion zsh)"
autoload -U +X compinit && (( $+functions[compdef] )) || compinit
autoload -U +X bashcompinit && bashcompinit
${completionForBash(commands).replace(/^#.*\n/, "")}`;
}
