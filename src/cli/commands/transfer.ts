import { alphaLearningRateFor, transfer, TRANSFER_DEFAULTS } from "../../pipelines/mod.ts";
import { HEADS } from "../../search/mod.ts";
import type { Command } from "../command.ts";
import { BILEVEL_FLAGS, OUTPUT_FLAGS, RUN_FLAGS, SIZE_LIMIT, TRAINING_FLAGS } from "../common_flags.ts";
import type { Flags } from "../flags.ts";
import { describeResult } from "../results.ts";
import { PRESET_FLAG } from "../presets.ts";
import { runStage } from "../stage.ts";

/** Entry of the zoo from which a transfer starts when nothing else is said. */
export const DEFAULT_SOURCE = "auto";

/** Flags of a transfer, but for the target. */
export const TRANSFER_FLAGS: Flags = {
  source: {
    kind: "text",
    value: "NAME|DIR",
    help:
      "supernet: an entry of the zoo, its folder, or that of a run; auto: the nearest of the zoo, single: the nearest of a single dataset, random: one by the seed",
    default: DEFAULT_SOURCE,
  },
  zoo: { kind: "text", value: "DIR", help: "folder of the zoo", default: "the project's data/zoo" },
  prior: {
    kind: "choice",
    of: ["both", "weights", "alpha", "none"],
    help: "what is taken over; none: a search from scratch",
    default: TRANSFER_DEFAULTS.prior,
  },
  "prior-strength": {
    kind: "number",
    from: 0,
    to: 1,
    help: "how much of the source's alpha is kept",
    default: TRANSFER_DEFAULTS.priorStrength,
  },
  head: {
    kind: "choice",
    of: [...HEADS],
    help: "the new head: fitted to the body's features before each epoch, before the first only, or random",
    default: "refitted where weights are taken over",
  },
  epochs: {
    kind: "integer",
    from: 1,
    to: 10_000,
    help: "finetuning epochs, the warm-up among them",
    default: TRANSFER_DEFAULTS.epochs,
  },
  "warm-up": {
    kind: "integer",
    from: 0,
    to: 10_000,
    help: "epochs at the start in which only the new head learns",
    default: TRANSFER_DEFAULTS.warmUp,
  },
  patience: {
    kind: "integer",
    from: 0,
    to: 10_000,
    help: "stop after so many epochs in which neither architecture nor validation loss moves; 0: never",
    default: TRANSFER_DEFAULTS.patience,
  },
  "train-epochs": {
    kind: "integer",
    from: 1,
    to: 10_000,
    help: "epochs of the derived network's training",
    default: TRANSFER_DEFAULTS.trainEpochs,
  },
  "max-parameters": {
    ...SIZE_LIMIT,
    or: "source",
    help: "most parameters of the derived network; source: as many as that of the source's alpha has",
  },
  inherit: {
    kind: "choice",
    of: ["weights", "network", "none"],
    help:
      "whether the derived network starts with the supernet's weights; network: with those of the entry's own trained network for operations that both have",
    default: TRANSFER_DEFAULTS.inherit,
  },
  ...BILEVEL_FLAGS,
  "alpha-learning-rate": {
    ...BILEVEL_FLAGS["alpha-learning-rate"]!,
    default: `${alphaLearningRateFor("both")}; ${alphaLearningRateFor("none")} from scratch`,
  },
  ...TRAINING_FLAGS,
  ...RUN_FLAGS,
  ...OUTPUT_FLAGS,
};

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
    "seed",
    "out",
    "resume",
    "config",
    "json",
  ],
  examples: [
    "deno task transfer --target uci-digits",
    "deno task transfer --target path/to/folder --preset best --out runs/mine",
    "deno task transfer --target uci-digits --source fashion-mnist --preset quick",
  ],
  flags: {
    target: { kind: "text", value: "NAME|DIR", help: "dataset: an embedded one, or a folder of IDX files" },
    preset: PRESET_FLAG,
    ...TRANSFER_FLAGS,
  },
  async run(invocation) {
    const { result, out } = await runStage(invocation, {
      command: "transfer",
      defaults: { ...TRANSFER_DEFAULTS, source: DEFAULT_SOURCE },
      required: { target: "the name or folder of a dataset" },
      subject: invocation.values.target?.toString(),
      work: transfer,
    });
    invocation.terminal.answer(
      result,
      () => `${describeResult(result, out)}\nNext: deno task predict --from ${out} FILE…`,
    );
  },
};
