import { search, SEARCH_DEFAULTS } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import {
  DATASET_FLAG,
  EPOCHS,
  EPOCHS_OR_NONE,
  HEAD_FLAG,
  IMAGE_FLAGS,
  LEARNING_FLAGS,
  OUTPUT_FLAGS,
  RUN_FLAGS,
  SEARCH_FLAGS,
  SIZE_FLAGS,
  SIZE_LIMIT,
  TIME_LIMIT,
} from "../common_flags.ts";
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
    "time-limit",
    "image",
    "class-weights",
    "seed",
    "out",
    "resume",
  ],
  examples: [
    "deno task search --data uci-digits --preset quick",
    "deno task search --data uci-digits --epochs 24 --head refitted --max-parameters 50000",
  ],
  flags: {
    data: { ...DATASET_FLAG, path: "data" },
    preset: {
      ...PRESET_FLAG,
      help:
        "settings that go together: 76.3, 78.7 and 78.7 % of held-out images in 1, 2 and 5 times as long, with 600 pictures of clothes (docs/lab/presets.md); other flags and --config override them",
      default: "none: as DARTS has it",
    },
    epochs: { ...EPOCHS, path: "search.epochs", help: "epochs", default: SEARCH_DEFAULTS.search.epochs },
    head: { ...HEAD_FLAG, default: SEARCH_DEFAULTS.search.head },
    patience: {
      ...EPOCHS_OR_NONE,
      path: "search.patience",
      help: "stop after so many epochs without a better validation accuracy; 0: never",
      default: SEARCH_DEFAULTS.search.patience,
    },
    "max-parameters": SIZE_LIMIT,
    ...SEARCH_FLAGS,
    ...LEARNING_FLAGS,
    ...SIZE_FLAGS,
    "time-limit": TIME_LIMIT,
    ...IMAGE_FLAGS,
    ...RUN_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run(invocation) {
    const { result, out } = await runStage(invocation, {
      defaults: SEARCH_DEFAULTS,
      required: { data: "the name or path of a dataset" },
      work: search,
    });
    invocation.terminal.answer(result, () => `${describeResult(result, out)}\nNext: deno task train --from ${out}`);
  },
};
