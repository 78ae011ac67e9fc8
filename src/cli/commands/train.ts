import { datasetOfRun, train, TRAIN_DEFAULTS } from "../../pipelines/mod.ts";
import { flattenValues } from "../setting_paths.ts";
import type { Command } from "../command.ts";
import {
  DATASET_FLAG,
  EPOCHS,
  IMAGE_FLAGS,
  LEARNING_FLAGS,
  ONLY_TRAINING_FLAGS,
  OUTPUT_FLAGS,
  RUN_FLAGS,
  SIZE_FLAGS,
  TIME_LIMIT,
} from "../common_flags.ts";
import type { Values } from "../flag.ts";
import { UsageError } from "../flags.ts";
import { describeResult } from "../results.ts";
import { runStage } from "../stage.ts";

/** `train`: a derived network. */
export const trainCommand: Command = {
  name: "train",
  summary: "Trains a derived network on all training images of a dataset and tests it.",
  basic: [
    "data",
    "from",
    "genotype",
    "inherit",
    "epochs",
    "channels",
    "time-limit",
    "image",
    "class-weights",
    "seed",
    "out",
    "resume",
  ],
  examples: [
    "deno task train --from runs/search-uci-digits-0",
    "deno task train --data uci-digits --genotype random --epochs 30",
  ],
  flags: {
    data: { ...DATASET_FLAG, path: "data", help: "dataset", default: "that of --from" },
    from: { kind: "text", path: "architecture.from", value: "RUN", help: "run whose architecture to train" },
    genotype: {
      kind: "text",
      path: "architecture.genotype",
      value: "FILE|TEXT|random",
      help: "architecture: JSON, as the DARTS code base writes it, or drawn by the seed",
    },
    inherit: {
      kind: "choice",
      path: "training.inherit",
      of: ["weights", "none"],
      help: "whether to start with the weights of the supernet of --from",
      default: TRAIN_DEFAULTS.training.inherit,
    },
    epochs: { ...EPOCHS, path: "training.epochs", help: "epochs", default: TRAIN_DEFAULTS.training.epochs },
    ...ONLY_TRAINING_FLAGS,
    ...LEARNING_FLAGS,
    ...SIZE_FLAGS,
    "time-limit": TIME_LIMIT,
    ...IMAGE_FLAGS,
    ...RUN_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run(invocation) {
    checkArchitecture(invocation.values);
    const { result, out } = await runStage({ ...invocation, values: await withDataset(invocation.values) }, {
      defaults: TRAIN_DEFAULTS,
      required: { data: "the name or path of a dataset" },
      work: train,
    });
    invocation.terminal.answer(
      result,
      () => `${describeResult(result, out)}\nNext: deno task predict --from ${out} FILE…`,
    );
  },
};

function checkArchitecture({ from, genotype, inherit, resume }: Values): void {
  if (from !== undefined && genotype !== undefined) {
    throw new UsageError("--from and --genotype are both given: expected one of them");
  }
  if (from === undefined && genotype === undefined && !resume) {
    throw new UsageError("--from is missing: expected the folder of a run, or --genotype");
  }
  if (inherit === "weights" && from === undefined && !resume) {
    throw new UsageError("--inherit weights needs --from: the folder of a run with a supernet");
  }
}

/**
 * The values with the dataset of the run that is gone on from, if none is given, and its images as they were there: divided
 * otherwise, what the run has learnt from would be tested on.
 */
async function withDataset(values: Values): Promise<Values> {
  const { data, from } = values;
  if (from === undefined) return values;
  const run = await datasetOfRun(String(from));
  if (data !== undefined && data !== run.data) return values;
  const { values: images } = flattenValues({ flags: IMAGE_FLAGS }, { images: run.images });
  return { ...images as Values, ...values, data: run.data };
}
