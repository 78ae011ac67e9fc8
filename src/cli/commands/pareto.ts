import { pareto, PARETO_DEFAULTS, settingsOfSource } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import { DATASET_FLAG } from "../common_flags.ts";
import type { Flags, Values } from "../flag.ts";
import { toCamelCase, UsageError } from "../flags.ts";
import { describePareto } from "../results.ts";
import { flattenValues } from "../setting_paths.ts";
import { checkStored, runStage } from "../stage.ts";
import { TRANSFER_FLAGS, TRANSFER_PRESET } from "./transfer.ts";

const { seed, out, "max-parameters": _, ...SHARED_FLAGS } = TRANSFER_FLAGS;

/** Flags of the finetuning and the trainings: the options hold them in the group `transfer`. */
const WITHIN_TRANSFER: Flags = Object.fromEntries(
  Object.entries(SHARED_FLAGS).map(([name, flag]) => [
    name,
    flag.path === undefined || flag.path === "build" ? flag : { ...flag, path: `transfer.${flag.path}` },
  ]),
);

/** Flags of a finetuning, which a supernet that is there already has behind it, and of the images that it was validated on. */
const ONLY_WITH_TARGET = [
  "preset",
  "seed",
  ...Object.entries(WITHIN_TRANSFER).filter(([, { path = "" }]) =>
    /^transfer\.(source|sizes|search|images)\./.test(path)
  )
    .map(([name]) => name),
];

const BUDGET = { kind: "list", value: "N[,M…]" } as const;

const FLAGS: Flags = {
  from: {
    kind: "text",
    path: "from",
    value: "RUN",
    help: "transfer or search whose supernet it is; its dataset and settings count here, too",
  },
  target: { ...DATASET_FLAG, path: "target", help: `${DATASET_FLAG.help}; a supernet is finetuned on it first` },
  "max-parameters": {
    ...BUDGET,
    path: "budgets.parameters",
    numbers: { from: 1, to: 1e9, areAmounts: true },
    help:
      "budgets: most parameters of a network, as in 20k,50k,0.1M; several kinds of budget hold together, the first of each, the second …",
    default: "7 from the smallest network to the strongest",
  },
  "max-macs": {
    ...BUDGET,
    path: "budgets.macs",
    numbers: { from: 1, to: 1e12, areAmounts: true },
    help: "budgets: most multiply-adds an image, as in 500k,2M",
  },
  "max-milliseconds": {
    ...BUDGET,
    path: "budgets.milliseconds",
    numbers: { from: 0.001, to: 1e6, areAmounts: true },
    help: "budgets: most milliseconds for one image, measured on this machine with the threads in use",
  },
  candidates: {
    kind: "integer",
    path: "candidates",
    from: 1,
    to: 100,
    help: "strongest networks of each budget that are evaluated; the most accurate is taken",
    default: PARETO_DEFAULTS.candidates,
  },
  train: {
    kind: "list",
    path: "train",
    value: "none|knee|all|N[,M…]",
    help: "which networks are trained: by their numbers in the table, which goes by size",
    default: PARETO_DEFAULTS.train.join(","),
  },
  also: {
    kind: "list",
    path: "also",
    value: "RUN[,RUN…]",
    help: "finished runs on the same dataset whose networks are set beside",
  },
  preset: TRANSFER_PRESET,
  ...WITHIN_TRANSFER,
  inherit: {
    kind: "choice",
    path: "transfer.training.inherit",
    of: ["weights", "none"],
    help: "whether networks start their training with the supernet's weights",
    default: PARETO_DEFAULTS.transfer.training.inherit,
  },
  seed: seed!,
  out: out!,
};

/** `pareto`: networks of every size from one supernet. */
export const paretoCommand: Command = {
  name: "pareto",
  summary: "Derives the strongest networks of every size from one finetuned supernet, and trains those asked for.",
  basic: [
    "from",
    "target",
    "max-parameters",
    "max-macs",
    "max-milliseconds",
    "candidates",
    "train",
    "also",
    "train-epochs",
    "out",
    "resume",
    "json",
  ],
  examples: [
    "deno task pareto --from runs/transfer-uci-digits-0 --train all",
    "deno task pareto --target uci-digits --max-milliseconds 0.5,1,2",
  ],
  flags: FLAGS,
  async run(invocation) {
    const values = await withRun(invocation.values);
    const { result, out } = await runStage({ ...invocation, values }, {
      defaults: PARETO_DEFAULTS,
      required: { target: "the name or path of a dataset, or --from, the folder of a run" },
      work: pareto,
    });
    invocation.terminal.answer(result, () => describePareto(result, out));
  },
};

/** The values with the dataset and the settings of the run whose supernet it is, which nothing may contradict. */
async function withRun(values: Values): Promise<Values> {
  const { from, target } = values;
  if (from === undefined) return values;
  if (target !== undefined) {
    throw new UsageError("--from and --target are both given: expected one of them, for --from has its dataset");
  }
  const late = ONLY_WITH_TARGET.find((name) => values[toCamelCase(name)] !== undefined);
  if (late !== undefined) {
    throw new UsageError(`--${late} goes with --target: the supernet of --from has been finetuned already`);
  }
  const run = flattenValues({ flags: FLAGS }, await settingsOfSource(String(from)));
  checkStored(run.values, { flags: FLAGS, task: `derive from ${from}` });
  return { ...run.values as Values, ...values };
}
