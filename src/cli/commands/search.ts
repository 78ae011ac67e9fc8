import { search, SEARCH_DEFAULTS } from "../../pipelines/mod.ts";
import { HEADS } from "../../search/mod.ts";
import type { Command } from "../command.ts";
import { BILEVEL_FLAGS, OUTPUT_FLAGS, RUN_FLAGS, SIZE_FLAGS, SIZE_LIMIT } from "../common_flags.ts";
import { describeResult } from "../results.ts";
import { PRESET_FLAG } from "../presets.ts";
import { runStage } from "../stage.ts";

/** `search`: an architecture from scratch. */
export const searchCommand: Command = {
  name: "search",
  summary: "Searches an architecture for a dataset from scratch.",
  basic: [
    "data",
    "preset",
    "epochs",
    "channels",
    "cells",
    "max-parameters",
    "seed",
    "out",
    "resume",
    "config",
    "json",
  ],
  examples: [
    "deno task search --data uci-digits --preset quick",
    "deno task search --data uci-digits --epochs 24 --head refitted --max-parameters 50000",
  ],
  flags: {
    data: { kind: "text", value: "NAME|DIR", help: "dataset: an embedded one, or a folder of IDX files" },
    preset: PRESET_FLAG,
    epochs: { kind: "integer", from: 1, to: 10_000, help: "epochs", default: SEARCH_DEFAULTS.epochs },
    head: {
      kind: "choice",
      of: [...HEADS],
      help: "the head: fitted to the body's features before each epoch, before the first only, or random as in DARTS",
      default: SEARCH_DEFAULTS.head,
    },
    patience: {
      kind: "integer",
      from: 0,
      to: 10_000,
      help: "stop after so many epochs without a better validation accuracy; 0: never",
      default: SEARCH_DEFAULTS.patience,
    },
    "max-parameters": SIZE_LIMIT,
    ...BILEVEL_FLAGS,
    ...SIZE_FLAGS,
    ...RUN_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run(invocation) {
    const { result, out } = await runStage(invocation, {
      command: "search",
      defaults: SEARCH_DEFAULTS,
      required: { data: "the name or folder of a dataset" },
      subject: invocation.values.data?.toString(),
      work: search,
    });
    invocation.terminal.answer(result, () => `${describeResult(result, out)}\nNext: deno task train --from ${out}`);
  },
};
