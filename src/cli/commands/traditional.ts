import { traditional, TRADITIONAL_DEFAULTS } from "../../pipelines/mod.ts";
import { HEADS } from "../../search/mod.ts";
import type { Command } from "../command.ts";
import { BILEVEL_FLAGS, OUTPUT_FLAGS, RUN_FLAGS, TRAINING_FLAGS } from "../common_flags.ts";
import { describeResult } from "../results.ts";
import { runStage } from "../stage.ts";
import { TRANSFER_FLAGS } from "./transfer.ts";

/** `traditional`: what supernet transfer is measured by. */
export const traditionalCommand: Command = {
  name: "traditional",
  summary: "Finetunes the trained network of a zoo entry, its architecture as it is, on a dataset.",
  basic: [
    "target",
    "source",
    "head-only",
    "epochs",
    "train-epochs",
    "learning-rate",
    "seed",
    "out",
    "resume",
    "config",
    "json",
  ],
  examples: [
    "deno task traditional --target uci-digits",
    "deno task traditional --target uci-digits --source broad --head-only",
  ],
  flags: {
    target: { kind: "text", value: "NAME|DIR", help: "dataset: an embedded one, or a folder of IDX files" },
    source: {
      kind: "text",
      value: "NAME|DIR",
      help:
        "entry of the zoo with a network (zoo derive); auto: the nearest that has one, single: the nearest of a single dataset, random: one by the seed",
      default: "auto",
    },
    zoo: TRANSFER_FLAGS.zoo!,
    "head-only": { kind: "switch", help: "only the new head learns, not all weights" },
    head: {
      kind: "choice",
      of: HEADS.filter((head) => head !== "random"),
      help: "the new head: fitted to the features before each epoch, or before the first only",
      default: TRADITIONAL_DEFAULTS.head,
    },
    epochs: {
      kind: "integer",
      from: 1,
      to: 10_000,
      help: "epochs on a part of the images, validated on the others",
      default: TRADITIONAL_DEFAULTS.epochs,
    },
    "train-epochs": {
      ...TRANSFER_FLAGS["train-epochs"]!,
      help: "epochs on all images after that",
    },
    batch: BILEVEL_FLAGS.batch!,
    "learning-rate": {
      kind: "number",
      from: 0,
      to: 10,
      help: "first learning rate; it falls to 0",
      default: TRADITIONAL_DEFAULTS.learningRate,
    },
    recalibration: BILEVEL_FLAGS.recalibration!,
    validations: BILEVEL_FLAGS.validations!,
    "weight-share": {
      ...BILEVEL_FLAGS["weight-share"]!,
      help: "share of the training images that those epochs learn from; the others validate",
    },
    ...TRAINING_FLAGS,
    ...RUN_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run(invocation) {
    const { result, out } = await runStage(invocation, {
      command: "traditional",
      defaults: { ...TRADITIONAL_DEFAULTS, source: "auto" },
      required: { target: "the name or folder of a dataset" },
      subject: invocation.values.target?.toString(),
      work: traditional,
    });
    invocation.terminal.answer(
      result,
      () => `${describeResult(result, out)}\nNext: deno task predict --from ${out} FILE…`,
    );
  },
};
