import { compare, COMPARE_DEFAULTS, type CompareOptions, type CompareResult, listArms } from "../../compare/mod.ts";
import { alphaLearningRateFor } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import { EPOCHS, HEAD_FLAG, LEARNING_RATE, SEED_RANGE } from "../common_flags.ts";
import { compareOverQueue } from "../compare_machines.ts";
import type { Flags, Values } from "../flag.ts";
import { UsageError } from "../flags.ts";
import { describeComparison } from "../results.ts";
import { runStage, slug } from "../stage.ts";
import { namesPlace, openPlaces, QUEUE_FLAG, STORE_FLAG } from "../study_places.ts";
import { WORKER_FLAGS } from "./sweep.ts";
import { TRANSFER_FLAGS } from "./transfer.ts";

const { seed: _seed, source: _source, zoo, ...SHARED_FLAGS } = TRANSFER_FLAGS;

/** Flags of what all transfers of a comparison have in common: its options hold them in the group `transfer`. */
const WITHIN_TRANSFER: Flags = Object.fromEntries(
  Object.entries(SHARED_FLAGS).map(([name, flag]) => [
    name,
    flag.path === undefined || flag.path === "build" ? flag : { ...flag, path: `transfer.${flag.path}` },
  ]),
);

const FLAGS: Flags = {
  target: {
    kind: "list",
    path: "targets",
    value: "T[,T2…]",
    help: "datasets: names or paths of folders, archives, tables (docs/data.md)",
  },
  arms: {
    kind: "list",
    path: "arms",
    value: "A[,B…]",
    help: `some of ${
      listArms().filter(({ name }) => !name.startsWith("scratch-")).map(({ name, summary }) => `${name} (${summary})`)
        .join(", ")
    }, scratch-METHOD (search from scratch by a method of \`method list\`)`,
    default: "all that can be run",
  },
  sources: {
    kind: "list",
    path: "sources",
    value: "S[,S2…]",
    help:
      "where the transfer arms start: auto (arm selected), single (arm selected-single), multi, random, or entries of the zoo (arms from-NAME)",
    default: COMPARE_DEFAULTS.sources.join(","),
  },
  multi: {
    kind: "text",
    path: "multi",
    value: "NAME",
    help: "entry of the zoo pretrained on several datasets",
    default: "that of most datasets",
  },
  seeds: {
    kind: "list",
    path: "seeds",
    numbers: SEED_RANGE,
    value: "N[,M…]",
    help: "each target and arm is run with each of them",
    default: COMPARE_DEFAULTS.seeds.join(","),
  },
  "sizes-of": {
    kind: "text",
    path: "sizesOf",
    value: "NAME",
    help: "entry of the zoo whose sizes arms without a source take",
    default: "the one that selected chose",
  },
  "scratch-epochs": {
    ...EPOCHS,
    path: "scratch.epochs",
    help: "epochs of the search from scratch",
    default: "those of --epochs",
  },
  "scratch-learning-rate": {
    ...LEARNING_RATE,
    path: "scratch.learningRate",
    help: "first learning rate of the search from scratch",
    default: COMPARE_DEFAULTS.scratch.learningRate,
  },
  "scratch-head": {
    ...HEAD_FLAG,
    path: "scratch.head",
    help: "the head in the search from scratch, as --head",
    default: COMPARE_DEFAULTS.scratch.head,
  },
  "scratch-alpha-learning-rate": {
    ...LEARNING_RATE,
    path: "scratch.alphaLearningRate",
    help: "learning rate of alpha in the search from scratch",
    default: `that of --alpha-learning-rate, or ${alphaLearningRateFor("none")}`,
  },
  "scratch-inherit": {
    kind: "choice",
    path: "scratch.inherit",
    of: ["weights", "none"],
    help: "whether scratch's derived network starts with the weights of its supernet",
    default: COMPARE_DEFAULTS.scratch.inherit,
  },
  features: {
    kind: "text",
    path: "features.file",
    value: "FILE.onnx",
    help: "network whose features the arm of that name takes, instead of the nearest entry's (docs/lab/features.md)",
  },
  "traditional-learning-rate": {
    ...LEARNING_RATE,
    path: "traditional.learningRate",
    help: "first learning rate of traditional transfer",
    default: COMPARE_DEFAULTS.traditional.learningRate,
  },
  zoo: { ...zoo!, path: "zoo" },
  ...WITHIN_TRANSFER,
  workers: {
    kind: "integer",
    from: 0,
    to: 64,
    help:
      "runs that this machine makes at once, each in a process with --threads; 0: they are left to deno task worker",
    default: "1 with --queue, else no process but this one",
  },
  queue: { ...QUEUE_FLAG, default: "folder:OUT/queue with --workers" },
  store: STORE_FLAG,
  lease: WORKER_FLAGS.lease!,
  failures: WORKER_FLAGS.failures!,
  fast: { ...WORKER_FLAGS.fast!, help: "with --workers: run them in fast mode (docs/security.md)" },
  out: { ...SHARED_FLAGS.out!, default: "runs/compare-TARGETS" },
};

/** `compare`: all arms under equal budgets. */
export const compareCommand: Command = {
  name: "compare",
  summary: "Compares supernet transfer with search from scratch and with traditional transfer, under equal budgets.",
  basic: [
    "target",
    "arms",
    "sources",
    "seeds",
    "epochs",
    "train-epochs",
    "max-parameters",
    "workers",
    "out",
    "resume",
    "config",
    "json",
  ],
  examples: [
    "deno task compare --target uci-digits --seeds 0,1,2",
    "deno task compare --target uci-digits,sign-language-digits --arms scratch,selected,random-genotype",
  ],
  flags: FLAGS,
  async run(invocation) {
    const { values, commands, terminal } = invocation;
    const byWorkers = isStudy(values);
    const { result, out } = await runStage<CompareOptions, CompareResult>(invocation, {
      defaults: COMPARE_DEFAULTS,
      required: { targets: "names or folders of datasets" },
      folder: ({ targets = [] }) => `runs/compare-${targets.map(slug).join("-").slice(0, 80)}`,
      work: async (session, options) => {
        if (!byWorkers) return await compare(session, options);
        await using places = await openPlaces(values, { queue: `folder:${session.run.path}/queue` });
        const machines = { ...places, commands: await commands(), values, say: terminal.say };
        return await compareOverQueue(session, options, machines);
      },
    });
    terminal.answer(result, () => `${describeComparison(result)}\nReport: ${out}/report.html`);
  },
};

/** Whether the runs are made by workers. */
function isStudy(values: Values): boolean {
  if (values.workers !== undefined || namesPlace(values)) return true;
  const idle = ["lease", "failures", "fast"].find((name) => values[name] !== undefined);
  if (idle !== undefined) throw new UsageError(`--${idle} needs --workers: expected their number, too`);
  return false;
}
