import { alphaLearningRateFor, transfer, TRANSFER_DEFAULTS } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import {
  CHOICE_FLAGS,
  DATASET_FLAG,
  EPOCHS,
  EPOCHS_OR_NONE,
  HEAD_FLAG,
  IMAGE_FLAGS,
  LEARNING_FLAGS,
  OUTPUT_FLAGS,
  RUN_FLAGS,
  SEARCH_FLAGS,
  SIZE_LIMIT,
  TIME_LIMIT,
  TRAINING_FLAGS,
  ZOO_FLAG,
} from "../common_flags.ts";
import type { Flag, Flags } from "../flag.ts";
import { PRESET_FLAG } from "../presets.ts";
import { describeResult } from "../results.ts";
import { runStage } from "../stage.ts";

const { source, search, training } = TRANSFER_DEFAULTS;

/** Flags of a transfer, but for the target. */
export const TRANSFER_FLAGS: Flags = {
  source: {
    kind: "text",
    path: "source.name",
    value: "NAME|DIR",
    help:
      "supernet: an entry of the zoo, its folder, or that of a run; auto: the nearest of the zoo, single: the nearest of a single dataset, random: one by the seed",
    default: source.name,
  },
  zoo: { ...ZOO_FLAG, path: "source.zoo" },
  prior: {
    kind: "choice",
    path: "source.prior",
    of: ["both", "weights", "alpha", "none"],
    help: "what is taken over; none: a search from scratch",
    default: source.prior,
  },
  "prior-strength": {
    kind: "number",
    path: "source.priorStrength",
    from: 0,
    to: 1,
    help: "how much of the source's alpha is kept",
    default: source.priorStrength,
  },
  head: { ...HEAD_FLAG, default: "refitted where weights are taken over" },
  epochs: {
    ...EPOCHS,
    path: "search.epochs",
    help: "finetuning epochs, the warm-up among them",
    default: search.epochs,
  },
  "warm-up": {
    ...EPOCHS_OR_NONE,
    path: "search.warmUp",
    help: "epochs at the start in which only the new head learns",
    default: search.warmUp,
  },
  patience: {
    ...EPOCHS_OR_NONE,
    path: "search.patience",
    help: "stop after so many epochs in which neither architecture nor validation loss moves; 0: never",
    default: search.patience,
  },
  "train-epochs": {
    ...EPOCHS,
    path: "training.epochs",
    help: "epochs of the derived network's training",
    default: training.epochs,
  },
  "max-parameters": {
    ...SIZE_LIMIT,
    or: "source",
    help: "most parameters of the derived network; source: as many as that of the source's alpha has",
  },
  inherit: {
    kind: "choice",
    path: "training.inherit",
    of: ["weights", "network", "none"],
    help:
      "whether the derived network starts with the supernet's weights; network: with those of the entry's own trained network for operations that both have",
    default: training.inherit,
  },
  ...SEARCH_FLAGS,
  "alpha-learning-rate": {
    ...SEARCH_FLAGS["alpha-learning-rate"]!,
    default: `${alphaLearningRateFor("both")}; ${alphaLearningRateFor("none")} from scratch`,
  },
  ...CHOICE_FLAGS,
  ...TRAINING_FLAGS,
  ...LEARNING_FLAGS,
  ...IMAGE_FLAGS,
  ...RUN_FLAGS,
  ...OUTPUT_FLAGS,
};

/** The flag of a transfer's presets. */
export const TRANSFER_PRESET = {
  ...PRESET_FLAG,
  help:
    "settings that go together: 79.7, 80.7 and 83.4 % of test images in 1, 4 and 8 times as long, with 600 pictures of clothes (docs/lab/presets.md); other flags and --config override them",
  default: "good",
} as const satisfies Flag;

/** `transfer`: a pretrained supernet to a dataset. */
export const transferCommand: Command = {
  name: "transfer",
  summary: "Grafts a pretrained supernet onto a dataset, finetunes it, derives a network and trains that.",
  basic: [
    "target",
    "source",
    "preset",
    "epochs",
    "train-epochs",
    "max-parameters",
    "time-limit",
    "image",
    "class-weights",
    "seed",
    "out",
    "resume",
  ],
  examples: [
    "deno task transfer --target uci-digits",
    "deno task transfer --target path/to/folder --preset best --out runs/mine",
    "deno task transfer --target uci-digits --source fashion-mnist --time-limit 5m",
  ],
  flags: {
    target: { ...DATASET_FLAG, path: "target" },
    preset: TRANSFER_PRESET,
    "time-limit": TIME_LIMIT,
    ...TRANSFER_FLAGS,
  },
  async run(invocation) {
    const { result, out } = await runStage(invocation, {
      defaults: TRANSFER_DEFAULTS,
      required: { target: "the name or path of a dataset" },
      work: transfer,
    });
    invocation.terminal.answer(
      result,
      () => `${describeResult(result, out)}\nNext: deno task predict --from ${out} FILE…`,
    );
  },
};
