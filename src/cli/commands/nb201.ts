import { readGenotype, readPublishedTable } from "../../stages/mod.ts";
import { formatGenotype } from "../../spaces/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS, TABLE_FLAG } from "../common_flags.ts";
import { UsageError } from "../flags.ts";
import { formatTable } from "../../text/mod.ts";

const SPACE = "nasbench201";

/** `nb201 lookup`: what was published of an architecture. */
export const nb201LookupCommand: Command = {
  name: "nb201 lookup",
  summary: "Tells the published accuracies of an architecture of NAS-Bench-201, its rank and its regret.",
  examples: [
    "deno task rootstock nb201 lookup --genotype '|none~0|+|none~0|none~1|+|none~0|none~1|none~2|' --table nats_bench.csv.gz",
    "deno task rootstock nb201 lookup --genotype runs/search/genotype.json --table nats_bench.csv.gz --json",
  ],
  flags: {
    genotype: {
      kind: "text",
      value: "TEXT|FILE",
      help: "architecture: as the benchmark writes it, JSON, or a file of either",
    },
    table: TABLE_FLAG,
    ...OUTPUT_FLAGS,
  },
  async run({ values, terminal }) {
    const { genotype: text, table: path } = values;
    if (text === undefined) throw new UsageError("Missing --genotype: the architecture");
    if (path === undefined) throw new UsageError("Missing --table: the file of published accuracies");
    const genotype = await readGenotype(String(text), SPACE);
    const table = await readPublishedTable(String(path), SPACE);
    const found = table.find(genotype);
    const architecture = formatGenotype(genotype, SPACE);
    if (found === undefined) {
      throw new RangeError(`Cannot look up ${architecture}: ${path} has ${table.size} others, expected all of 15625`);
    }
    const { rank, ...accuracies } = found;
    const regret = table.regret(accuracies);
    terminal.answer({ genotype: architecture, ...accuracies, rank, regret }, () =>
      [
        formatTable([
          ["dataset", "test accuracy, %", "regret, points"],
          ["CIFAR-10", accuracies.cifar10.toFixed(2), regret.cifar10.toFixed(2)],
          ["CIFAR-100", accuracies.cifar100.toFixed(2), regret.cifar100.toFixed(2)],
          ["ImageNet16-120", accuracies.imagenet16.toFixed(2), regret.imagenet16.toFixed(2)],
        ]),
        `rank ${rank} of ${table.size} on CIFAR-10`,
      ].join("\n"));
  },
};
