import { pretrain, PRETRAIN_DEFAULTS } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import { BILEVEL_FLAGS, OUTPUT_FLAGS, RUN_FLAGS, SIZE_FLAGS } from "../common_flags.ts";
import { describeResult } from "../results.ts";
import { runStage } from "../stage.ts";

/** `pretrain`: a supernet for the zoo. */
export const pretrainCommand: Command = {
  name: "pretrain",
  summary: "Trains a supernet on a dataset until it is flat, and adds it to a zoo.",
  flags: {
    data: { kind: "text", value: "NAME|DIR", help: "dataset: an embedded one, or a folder of IDX files" },
    name: { kind: "text", value: "NAME", help: "name of the zoo entry; an entry of that name is replaced" },
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
    const { result, out } = await runStage(invocation, {
      command: "pretrain",
      defaults: PRETRAIN_DEFAULTS,
      required: { data: "the name or folder of a dataset", name: "a name for the zoo entry" },
      subject: invocation.values.data?.toString(),
      work: pretrain,
    });
    invocation.terminal.answer(
      result,
      () => `${describeResult(result, out)}\nNext: deno task transfer --source ${result.card.name} --target …`,
    );
  },
};
