import {
  type PublishedDataset,
  type PublishedEpoch,
  type PublishedPair,
  type PublishedRun,
  type Spread,
  summarisePublished,
} from "../../compare/mod.ts";
import { nameOf } from "../../report/mod.ts";
import { listRuns, openRun, type Run, RunError } from "../../run/mod.ts";
import { readGenotype, readPublishedTable, type SearchRecord } from "../../stages/mod.ts";
import { checkGenotype, formatGenotype } from "../../spaces/mod.ts";
import type { Command } from "../command.ts";
import type { Values } from "../flag.ts";
import { OUTPUT_FLAGS, TABLE_FLAG } from "../common_flags.ts";
import { UsageError } from "../flags.ts";
import { formatTable, listSome } from "../../text/mod.ts";

const SPACE = "nasbench201";

/** What the datasets of the table are called. */
const DATASETS: Readonly<Record<PublishedDataset, string>> = {
  cifar10: "CIFAR-10",
  cifar100: "CIFAR-100",
  imagenet16: "ImageNet16-120",
};

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
    const { genotype: text } = values;
    if (text === undefined) throw new UsageError("Missing --genotype: the architecture");
    const path = tablePath(values);
    const genotype = await readGenotype(String(text), SPACE);
    const table = await readPublishedTable(path, SPACE);
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
          ...Object.entries(DATASETS).map(([dataset, title]) => [
            title,
            ...[accuracies, regret].map((of) => of[dataset as PublishedDataset].toFixed(2)),
          ]),
        ]),
        `rank ${rank} of ${table.size} on CIFAR-10`,
      ].join("\n"));
  },
};

/** `nb201 regret`: how good the cells of searches were after some epochs. */
export const nb201RegretCommand: Command = {
  name: "nb201 regret",
  summary:
    "Tells how far the cells of searches were from the best one of NAS-Bench-201, epoch by epoch, by method and prior.",
  examples: [
    "deno task rootstock nb201 regret runs/study --table nats_bench.csv.gz",
    "deno task rootstock nb201 regret runs/a runs/b --table nats_bench.csv.gz --epochs 1,5 --dataset cifar100 --json",
  ],
  operands: { name: "RUN|DIR…", least: 1, most: 100_000 },
  flags: {
    table: TABLE_FLAG,
    epochs: {
      kind: "list",
      value: "N[,N…]",
      numbers: { from: 1, to: 100_000 },
      help: "after which epochs, beside the last",
      default: "1,2,5",
    },
    dataset: {
      kind: "choice",
      of: Object.keys(DATASETS),
      value: Object.keys(DATASETS).join("|"),
      help: "whose published accuracies",
      default: "cifar10",
    },
    ...OUTPUT_FLAGS,
  },
  async run({ operands, values, terminal }) {
    const { epochs = [1, 2, 5], dataset = "cifar10" } = values;
    const path = tablePath(values);
    const runs = await publishedRuns(operands);
    const found = summarisePublished(runs, {
      table: await readPublishedTable(path, SPACE),
      dataset: dataset as PublishedDataset,
      epochs: [...epochs as readonly number[], undefined],
    });
    terminal.answer({ dataset, ...found }, () => describeRegret(found, DATASETS[dataset as PublishedDataset]));
  },
};

function tablePath({ table }: Values): string {
  if (table === undefined) throw new UsageError("Missing --table: the file of published accuracies");
  return String(table);
}

function describeRegret(
  { groups, pairs }: ReturnType<typeof summarisePublished>,
  dataset: string,
): string {
  const showEpoch = ({ epoch }: Pick<PublishedEpoch, "epoch">) => epoch === undefined ? "last" : `${epoch}`;
  const heading = ["searches", "runs", "epoch", `${dataset}, %`, "regret, points", "seconds"];
  const cells = groups.flatMap(({ group, runs, epochs }) =>
    epochs.map((at) => [
      group,
      `${runs}`,
      showEpoch(at),
      showSpread(at.accuracy),
      showSpread(at.regret),
      at.seconds.mean!.toFixed(0),
    ])
  );
  const table = formatTable([heading, ...cells]);
  if (pairs.length === 0) return table;
  const row = (pair: PublishedPair) => [
    pair.group,
    pair.against,
    showEpoch(pair),
    showSpread(pair),
    `${pair.better} / ${pair.worse}`,
    `${pair.count}`,
    pair.p!.toPrecision(2),
  ];
  const pairHeading = ["searches", "against", "epoch", "points", "better / worse", "pairs", "p"];
  return [table, "", formatTable([pairHeading, ...pairs.map(row)])].join("\n");
}

function showSpread({ mean, standardError }: Spread): string {
  return standardError === null ? mean!.toFixed(2) : `${mean!.toFixed(2)} ± ${standardError.toFixed(2)}`;
}

/** The searches in folders: runs, or folders of runs. */
async function publishedRuns(paths: readonly string[]): Promise<PublishedRun[]> {
  const found: PublishedRun[] = [];
  for (const path of paths) {
    const { runs } = await listRuns(path, { isNested: true });
    const below = runs.filter(({ state }) => state === "finished").map(({ path }) => path).sort();
    // A folder without runs may be one itself; what is neither fails here.
    for (const folder of runs.length > 0 ? below : [path]) {
      const run = await publishedRun(await openRun(folder));
      if (run) found.push(run);
    }
  }
  if (found.length > 0) return found.sort((a, b) => a.group < b.group ? -1 : a.group > b.group ? 1 : 0);
  throw new RunError(`Cannot compare ${listSome(paths)}: found no finished search of the space ${SPACE}`);
}

/** A run as what is compared; undefined of another space, or of no search. */
async function publishedRun({ command, configuration, events }: Run): Promise<PublishedRun | undefined> {
  const { search, source, seed, data, target } = configuration as {
    readonly [name: string]: unknown;
    readonly search?: { readonly method?: string };
    readonly source?: { readonly name?: string; readonly prior?: string };
  };
  const epochs = (await events()).filter(({ type, genotype }) => type === "epoch" && genotype !== undefined);
  const history = epochs as unknown as SearchRecord[];
  // Genotypes of the other space are two cells.
  if (history.length === 0 || !("operations" in history[0]!.genotype)) return undefined;
  history.forEach(({ genotype }) => checkGenotype(genotype, SPACE));
  const prior = source?.prior === "none" ? "" : ` from ${nameOf(`${source?.name}`)}`;
  const from = source === undefined ? "" : `, prior ${source.prior}${prior}`;
  return {
    group: `${command} ${search?.method ?? "darts"}${from}`,
    pair: `${nameOf(`${target ?? data}`)}, seed ${seed ?? 0}`,
    history,
  };
}
