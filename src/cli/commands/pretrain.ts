import { pretrain, PRETRAIN_DEFAULTS, VALIDATION_IMAGES } from "../../pipelines/mod.ts";
import { listSpaces } from "../../spaces/mod.ts";
import { CONTINUED_PRIORS } from "../../stages/mod.ts";
import type { Command } from "../command.ts";
import {
  EPOCHS,
  EPOCHS_OR_NONE,
  IMAGE_FLAGS,
  LEARNING_FLAGS,
  OUTPUT_FLAGS,
  RUN_FLAGS,
  SEARCH_FLAGS,
  SHARING_FLAGS,
  SIZE_FLAGS,
  TIME_LIMIT,
  ZOO_FLAG,
} from "../common_flags.ts";
import { describeResult } from "../results.ts";
import { runStage, slug } from "../stage.ts";
import { UsageError } from "../flags.ts";

/** `pretrain`: a supernet for the zoo. */
export const pretrainCommand: Command = {
  name: "pretrain",
  summary: "Trains a supernet on one dataset or several until it is flat, and adds it to a zoo.",
  basic: [
    "data",
    "name",
    "from",
    "keep",
    "epochs",
    "channels",
    "cells",
    "time-limit",
    "seed",
    "out",
    "resume",
    "config",
  ],
  examples: [
    "deno task pretrain --data fashion-mnist-12k --name clothes",
    "deno task pretrain --data fashion-mnist-12k,uci-digits --name both --sampling balanced",
    "deno task pretrain --data fashion-mnist-12k --name pruned --from fashion-mnist --keep 2",
  ],
  flags: {
    data: {
      kind: "text",
      path: "data",
      value: "A[,B…]",
      help:
        "datasets, each a name or the path of a folder, archive, table (docs/data.md); several share the body and get a head each",
    },
    name: {
      kind: "text",
      path: "entry.name",
      value: "NAME",
      help: "name of the zoo entry; an entry of that name is replaced",
    },
    ...SHARING_FLAGS,
    "validation-images": {
      kind: "integer",
      path: "sharing.validationImages",
      from: 1,
      to: 10_000_000,
      help: "most validation images of a dataset",
      default: `${VALIDATION_IMAGES} of each of several, all of a single one`,
    },
    from: {
      kind: "text",
      path: "start.from",
      value: "A[,B…]",
      help:
        "supernet to begin with: a zoo entry or a run; its sizes count, and its heads if the datasets are its own; of several the mean",
      default: "random weights",
    },
    keep: {
      kind: "integer",
      path: "start.keep",
      from: 1,
      to: Math.max(...listSpaces().map(({ mostCandidates }) => mostCandidates)),
      help: "prune it: candidate operations that each edge keeps, the strongest by its alpha",
      default: "all",
    },
    prior: {
      kind: "choice",
      path: "start.prior",
      of: CONTINUED_PRIORS,
      help:
        "what is taken over of it; alpha: with what was pruned, and random weights, to which other sizes may be given (a small supernet finds alpha for a wide one)",
      default: "both",
    },
    zoo: { ...ZOO_FLAG, path: "entry.zoo" },
    epochs: { ...EPOCHS, path: "search.epochs", help: "most epochs", default: PRETRAIN_DEFAULTS.search.epochs },
    patience: {
      ...EPOCHS_OR_NONE,
      path: "search.patience",
      help: "stop after so many epochs without a better validation accuracy; 0: never",
      default: PRETRAIN_DEFAULTS.search.patience,
    },
    ...SEARCH_FLAGS,
    ...LEARNING_FLAGS,
    ...SIZE_FLAGS,
    "time-limit": TIME_LIMIT,
    ...IMAGE_FLAGS,
    ...RUN_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run(invocation) {
    const names = String(invocation.values.data ?? "").split(",");
    const twin = names.find((name, i) => names.indexOf(name) !== i);
    if (twin !== undefined) {
      throw new UsageError(`--data names ${JSON.stringify(twin)} twice: expected each dataset once`);
    }
    const { result, out } = await runStage(invocation, {
      defaults: PRETRAIN_DEFAULTS,
      required: { data: "the name or path of a dataset", "entry.name": "a name for the zoo entry" },
      // A list of datasets makes no name for a folder.
      folder: ({ entry, seed }) =>
        names.length > 1 && entry?.name !== undefined ? `runs/pretrain-${slug(entry.name)}-${seed}` : undefined,
      work: pretrain,
    });
    invocation.terminal.answer(
      result,
      () => `${describeResult(result, out)}\nNext: deno task transfer --source ${result.card.name} --target …`,
    );
  },
};
