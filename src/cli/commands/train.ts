import { datasetOfRun, train, TRAIN_DEFAULTS } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS, RUN_FLAGS, SIZE_FLAGS, TRAINING_FLAGS } from "../common_flags.ts";
import { describeResult } from "../results.ts";
import { runStage } from "../stage.ts";
import { UsageError } from "../flags.ts";

const { "train-batch": batch, "train-learning-rate": learningRate, ...TRAINING } = TRAINING_FLAGS;

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
    "seed",
    "out",
    "resume",
    "config",
    "json",
  ],
  examples: [
    "deno task train --from runs/search-uci-digits-0",
    "deno task train --data uci-digits --genotype random --epochs 30",
  ],
  flags: {
    data: { kind: "text", value: "NAME|DIR", help: "dataset", default: "that of --from" },
    from: { kind: "text", value: "RUN", help: "run whose architecture to train" },
    genotype: {
      kind: "text",
      value: "FILE|TEXT|random",
      help: "architecture: JSON, as the DARTS code base writes it, or drawn by the seed",
    },
    inherit: {
      kind: "choice",
      of: ["weights", "none"],
      help: "whether to start with the weights of the supernet of --from",
      default: TRAIN_DEFAULTS.inherit,
    },
    epochs: { kind: "integer", from: 1, to: 10_000, help: "epochs", default: TRAIN_DEFAULTS.trainEpochs },
    batch: batch!,
    "learning-rate": learningRate!,
    ...TRAINING,
    ...SIZE_FLAGS,
    ...RUN_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run(invocation) {
    const { epochs, batch, learningRate, ...others } = invocation.values;
    const { from, genotype, inherit, resume } = others;
    if (from !== undefined && genotype !== undefined) {
      throw new UsageError("--from and --genotype are both given: expected one of them");
    }
    if (from === undefined && genotype === undefined && !resume) {
      throw new UsageError("--from is missing: expected the folder of a run, or --genotype");
    }
    if (inherit === "weights" && from === undefined && !resume) {
      throw new UsageError("--inherit weights needs --from: the folder of a run with a supernet");
    }
    const data = others.data ?? (from === undefined ? undefined : await datasetOfRun(String(from)));
    const values = {
      ...others,
      ...(data !== undefined && { data }),
      ...(epochs !== undefined && { trainEpochs: epochs }),
      ...(batch !== undefined && { trainBatch: batch }),
      ...(learningRate !== undefined && { trainLearningRate: learningRate }),
    };
    const { result, out } = await runStage({ ...invocation, values }, {
      command: "train",
      defaults: TRAIN_DEFAULTS,
      required: { data: "the name or folder of a dataset" },
      subject: data?.toString(),
      work: train,
    });
    invocation.terminal.answer(
      result,
      () => `${describeResult(result, out)}\nNext: deno task predict --from ${out} FILE…`,
    );
  },
};
