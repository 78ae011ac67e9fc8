import { listMethods } from "../../search/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";
import { formatTable } from "../../text/mod.ts";

/** The baseline that searches without a supernet, and is an arm of a comparison for that. */
const RANDOM_SEARCH = {
  name: "random-search",
  title: "Random search",
  description: "the best of random networks that are trained in the seconds of a search (compare --arms random-search)",
  paper: "Li and Talwalkar, Random Search and Reproducibility for NAS, UAI 2019, arXiv 1902.07638",
};

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
    const methods = [...listMethods(), RANDOM_SEARCH]
      .map(({ name, title, description, paper }) => ({ name, title, description, paper }));
    terminal.answer({ methods }, () =>
      formatTable([
        ["name", "what it does", "paper"],
        ...methods.map(({ name, description, paper }) => [name, description, paper]),
      ]));
    return Promise.resolve();
  },
};
