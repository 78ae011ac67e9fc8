import { pretrain, PRETRAIN_DEFAULTS, VALIDATION_IMAGES } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import { BILEVEL_FLAGS, OUTPUT_FLAGS, RUN_FLAGS, SAMPLING_FLAGS, SIZE_FLAGS } from "../common_flags.ts";
import { describeResult } from "../results.ts";
import { runStage, slug } from "../stage.ts";
import { UsageError } from "../flags.ts";
import { listSpaces } from "../../spaces/mod.ts";

/** `pretrain`: a supernet for the zoo. */
export const pretrainCommand: Command = {
  name: "pretrain",
  summary: "Trains a supernet on one dataset or several until it is flat, and adds it to a zoo.",
  flags: {
    data: {
      kind: "text",
      value: "A[,B…]",
      help: "datasets, each an embedded one or a folder of IDX files; several share the body and get a head each",
    },
    name: { kind: "text", value: "NAME", help: "name of the zoo entry; an entry of that name is replaced" },
    ...SAMPLING_FLAGS,
    "validation-images": {
      kind: "integer",
      from: 1,
      to: 10_000_000,
      help: "most validation images of a dataset",
      default: `${VALIDATION_IMAGES} of each of several, all of a single one`,
    },
    from: {
      kind: "text",
      value: "A[,B…]",
      help:
        "supernet to begin with: a zoo entry or a run; its sizes count, and its heads if the datasets are its own; of several the mean",
      default: "random weights",
    },
    keep: {
      kind: "integer",
      from: 1,
      to: Math.max(...listSpaces().map(({ mostCandidates }) => mostCandidates)),
      help: "prune it: candidate operations that each edge keeps, the strongest by its alpha",
      default: "all",
    },
    zoo: { kind: "text", value: "DIR", help: "folder of the zoo", default: "the project's data/zoo" },
    epochs: { kind: "integer", from: 1, to: 10_000, help: "most epochs", default: PRETRAIN_DEFAULTS.epochs },
    patience: {
      kind: "integer",
      from: 0,
      to: 10_000,
      help: "stop after so many epochs without a better validation accuracy; 0: never",
      default: PRETRAIN_DEFAULTS.patience,
    },
    ...BILEVEL_FLAGS,
    ...SIZE_FLAGS,
    ...RUN_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run(invocation) {
    const { data, name, seed = 0 } = invocation.values;
    const names = String(data ?? "").split(",");
    const twin = names.find((name, i) => names.indexOf(name) !== i);
    if (twin !== undefined) {
      throw new UsageError(`--data names ${JSON.stringify(twin)} twice: expected each dataset once`);
    }
    const { result, out } = await runStage(invocation, {
      command: "pretrain",
      defaults: PRETRAIN_DEFAULTS,
      required: { data: "the name or folder of a dataset", name: "a name for the zoo entry" },
      subject: data?.toString(),
      // A list of datasets makes no name for a folder.
      ...(names.length > 1 && name !== undefined && { folder: `runs/pretrain-${slug(String(name))}-${seed}` }),
      work: pretrain,
    });
    invocation.terminal.answer(
      result,
      () => `${describeResult(result, out)}\nNext: deno task transfer --source ${result.card.name} --target …`,
    );
  },
};
