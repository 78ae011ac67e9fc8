import { traditional, TRADITIONAL_DEFAULTS } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import {
  CHOICE_FLAGS,
  DATASET_FLAG,
  EPOCHS,
  HEAD_FLAG,
  IMAGE_FLAGS,
  LEARNING_FLAGS,
  LEARNING_RATE,
  OUTPUT_FLAGS,
  RUN_FLAGS,
  SEARCH_FLAGS,
  TRAINING_FLAGS,
  ZOO_FLAG,
} from "../common_flags.ts";
import { describeResult } from "../results.ts";
import { runStage } from "../stage.ts";

const { source, finetuning, training } = TRADITIONAL_DEFAULTS;

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
    "image",
    "class-weights",
    "seed",
    "out",
    "resume",
  ],
  examples: [
    "deno task traditional --target uci-digits",
    "deno task traditional --target uci-digits --source broad --head-only",
  ],
  flags: {
    target: { ...DATASET_FLAG, path: "target" },
    source: {
      kind: "text",
      path: "source.name",
      value: "NAME|DIR",
      help:
        "entry of the zoo with a network (zoo derive); auto: the nearest that has one, single: the nearest of a single dataset, random: one by the seed",
      default: source.name,
    },
    zoo: { ...ZOO_FLAG, path: "source.zoo" },
    "head-only": { kind: "switch", path: "finetuning.headOnly", help: "only the new head learns, not all weights" },
    head: {
      ...HEAD_FLAG,
      path: "finetuning.head",
      of: HEAD_FLAG.of.filter((head) => head !== "random"),
      default: finetuning.head,
    },
    epochs: {
      ...EPOCHS,
      path: "finetuning.epochs",
      help: "epochs on a part of the images, validated on the others",
      default: finetuning.epochs,
    },
    "train-epochs": {
      ...EPOCHS,
      path: "training.epochs",
      help: "epochs on all images after that",
      default: training.epochs,
    },
    batch: { ...SEARCH_FLAGS.batch!, path: "finetuning.batch" },
    "learning-rate": {
      ...LEARNING_RATE,
      path: "finetuning.learningRate",
      help: "first learning rate; it falls to 0",
      default: finetuning.learningRate,
    },
    recalibration: { ...SEARCH_FLAGS.recalibration!, path: "finetuning.recalibration" },
    validations: { ...SEARCH_FLAGS.validations!, path: "finetuning.validations" },
    "train-portion": {
      ...SEARCH_FLAGS["train-portion"]!,
      path: "finetuning.trainPortion",
      help: "share of the training images that those epochs learn from; the others validate",
    },
    ...CHOICE_FLAGS,
    ...TRAINING_FLAGS,
    ...LEARNING_FLAGS,
    ...IMAGE_FLAGS,
    ...RUN_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run(invocation) {
    const { result, out } = await runStage(invocation, {
      defaults: TRADITIONAL_DEFAULTS,
      required: { target: "the name or path of a dataset" },
      work: traditional,
    });
    invocation.terminal.answer(
      result,
      () => `${describeResult(result, out)}\nNext: deno task predict --from ${out} FILE…`,
    );
  },
};
