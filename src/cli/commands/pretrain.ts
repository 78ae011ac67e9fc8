import {
  pretrain,
  PRETRAIN_DEFAULTS,
  type PretrainOptions,
  ROUND_TIMEOUT,
  ROUND_WORKERS,
  VALIDATION_IMAGES,
} from "../../pipelines/mod.ts";
import { listSpaces } from "../../spaces/mod.ts";
import { CONTINUED_PRIORS, type EntryResult } from "../../stages/mod.ts";
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
import { QUEUE_FLAG, queueGiven } from "../study_places.ts";
import type { Values } from "../flag.ts";
import { toCamelCase, UsageError } from "../flags.ts";
import { DILOCO, MOST_WORKERS } from "../../rounds/mod.ts";
import { pretrainInRounds } from "../round_machines.ts";

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
    rounds: {
      kind: "integer",
      path: "rounds.count",
      from: 1,
      to: 10_000,
      help: "instead of epochs: rounds in which workers learn from a share of an epoch's batches each, then the mean",
      default: "none",
    },
    workers: {
      kind: "integer",
      path: "rounds.workers",
      from: 1,
      to: MOST_WORKERS,
      help: "workers of a round; without --queue as many processes of this machine",
      default: ROUND_WORKERS,
    },
    queue: {
      ...QUEUE_FLAG,
      help:
        "queue that deno task worker serves on other machines: folder:DIR, redis://… or postgres://… (docs/scale.md)",
      default: "with deno task pretrain:net $ROOTSTOCK_QUEUE, else processes of this machine",
    },
    "round-timeout": {
      kind: "duration",
      from: 0,
      to: 86_400,
      help: "time after the first worker is done with a round, after which the others are left out of it",
      default: `${ROUND_TIMEOUT}s`,
    },
    "outer-learning-rate": {
      kind: "number",
      path: "rounds.outerLearningRate",
      from: 0.01,
      to: 2,
      help: "share of the way to the workers' mean that the weights go after a round",
      default: DILOCO.learningRate,
    },
    "outer-momentum": {
      kind: "number",
      path: "rounds.outerMomentum",
      from: 0,
      to: 0.99,
      help: "Nesterov momentum of it; with 0, and learning rate 1, the weights become the mean",
      default: DILOCO.momentum,
    },
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
    checkRoundFlags(invocation.values);
    const { result, out } = await runStage<PretrainOptions, EntryResult>(invocation, {
      defaults: PRETRAIN_DEFAULTS,
      required: { data: "the name or path of a dataset", "entry.name": "a name for the zoo entry" },
      // A list of datasets makes no name for a folder.
      folder: ({ entry, seed }) =>
        names.length > 1 && entry?.name !== undefined ? `runs/pretrain-${slug(entry.name)}-${seed}` : undefined,
      work: (session, options) =>
        options.rounds?.count === undefined ? pretrain(session, options) : pretrainInRounds(session, options, {
          named: queueGiven(invocation.values),
          values: invocation.values,
        }),
    });
    invocation.terminal.answer(
      result,
      () => `${describeResult(result, out)}\nNext: deno task transfer --source ${result.card.name} --target …`,
    );
  },
};

/** Flags that mean nothing without rounds. */
const OF_ROUNDS = ["workers", "queue", "round-timeout", "outer-learning-rate", "outer-momentum"];

function checkRoundFlags(values: Values): void {
  if (values.rounds === undefined) {
    // A run that is continued has its own.
    const idle = values.resume === true ? undefined : OF_ROUNDS.find((name) => values[toCamelCase(name)] !== undefined);
    if (idle !== undefined) throw new UsageError(`--${idle} needs --rounds: expected their number, too`);
  } else if (values.epochs !== undefined) {
    throw new UsageError("--epochs and --rounds were given: expected one of both, a round has the images of an epoch");
  }
}
