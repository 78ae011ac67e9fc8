import { formatTable } from "../../report/mod.ts";
import { listMethods } from "../../search/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";

/** `method list`: the search methods. */
export const methodListCommand: Command = {
  name: "method list",
  summary: "Lists the search methods, each with its paper.",
  examples: [
    "deno task rootstock method list",
    "deno task rootstock method list --json",
  ],
  flags: OUTPUT_FLAGS,
  run({ terminal }) {
    const methods = listMethods().map(({ name, title, description, paper }) => ({ name, title, description, paper }));
    terminal.answer({ methods }, () =>
      formatTable([
        ["name", "what it does", "paper"],
        ...methods.map(({ name, description, paper }) => [name, description, paper]),
      ]));
    return Promise.resolve();
  },
};
