import type { Command } from "../../../src/cli/command.ts";

const REST = { examples: [], run: () => Promise.resolve() };

/** Commands of one word, of two and of three. */
export const COMMANDS: readonly Command[] = [
  {
    name: "train",
    summary: "Trains what's there.",
    flags: {
      build: { kind: "choice", of: ["strict", "single"], help: "build of the kernels" },
      order: { kind: "choice", of: [1, 2], help: "of the gradient" },
      out: { kind: "text", help: "folder of the run" },
      json: { kind: "switch", help: "one JSON document" },
    },
    ...REST,
  },
  { name: "data list", summary: "Lists datasets.", flags: {}, ...REST },
  { name: "data cache list", summary: "Lists what is kept.", flags: {}, ...REST },
  { name: "data cache clear", summary: "Clears it.", flags: { all: { kind: "switch", help: "all of it" } }, ...REST },
];
