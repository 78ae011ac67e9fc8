import { FETCHED_FOLDER } from "../../data/mod.ts";
import { DERIVE_DEFAULTS, deriveEntry } from "../../pipelines/mod.ts";
import { RunError } from "../../run/mod.ts";
import { describeSizes, describeSpace } from "../../spaces/mod.ts";
import {
  describeEntry,
  entryTerms,
  fetchZoo,
  HOW_TO_FETCH,
  listZoo,
  showZooEntry,
  signZooEntry,
  verifyZoo,
  zooFolder,
} from "../../zoo/mod.ts";
import { countOf, formatTable } from "../../text/mod.ts";
import type { Command } from "../command.ts";
import {
  EPOCHS,
  LEARNING_FLAGS,
  ONLY_TRAINING_FLAGS,
  OUTPUT_FLAGS,
  RUN_FLAGS,
  SEED_RANGE,
  SHARING_FLAGS,
  SIZE_FLAGS,
  ZOO_FLAG,
} from "../common_flags.ts";
import type { Flags, Values } from "../flag.ts";
import { UsageError } from "../flags.ts";
import { describeResult } from "../results.ts";
import { runStage, slug } from "../stage.ts";
import { percent } from "../terminal.ts";

const FLAGS: Flags = { zoo: ZOO_FLAG, ...OUTPUT_FLAGS };

/** `zoo list`: the pretrained supernets. */
export const zooListCommand: Command = {
  name: "zoo list",
  summary: "Lists the pretrained supernets.",
  examples: [
    "deno task zoo list",
    "deno task zoo list --zoo path/to/zoo --json",
  ],
  flags: FLAGS,
  async run({ values, terminal }) {
    const { cards, problems } = await listZoo(folderOf(values));
    for (const problem of problems) terminal.say(problem);
    if (cards.length + problems.length === 0) {
      terminal.say(`There is no supernet in ${folderOf(values) ?? zooFolder()}: ${HOW_TO_FETCH}`);
    }
    const entries = cards.map((card) => ({
      ...card,
      sources: card.sources.map(({ name }) => name),
      terms: entryTerms(card.sources),
    }));
    terminal.answer({ entries }, () =>
      formatTable([
        ["name", "datasets", "images", "supernet", "accuracy", "use", "MB"],
        ...entries.map(({ name, sources, space, metrics, terms, files }) => [
          name,
          sources.length === 1 ? sources[0]! : countOf(sources.length, "dataset"),
          `${space.height}×${space.width} ${space.inputChannels === 1 ? "grey" : "colour"}`,
          `${describeSpace(space)}, ${describeSizes(space)}`,
          typeof metrics.validAccuracy === "number" ? percent(metrics.validAccuracy) : "unknown",
          terms.use,
          (Object.values(files).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1e6).toFixed(1),
        ]),
      ]));
  },
};

/** `zoo fetch`: the zoo of the project, for a package that came without it. */
export const zooFetchCommand: Command = {
  name: "zoo fetch",
  summary: "Fetches the project's supernets for an installed package; a clone has them.",
  examples: ["deno task rootstock zoo fetch broad --from ADDRESS"],
  operands: { name: "[NAME]", least: 0, most: 1 },
  flags: {
    from: { kind: "text", value: "ADDRESS", help: "address of a copy of the project's folder data/" },
    out: {
      kind: "text",
      value: "DIR",
      help: "folder to write to; only the default one is found",
      default: FETCHED_FOLDER,
    },
    ...OUTPUT_FLAGS,
  },
  async run({ values, operands, terminal }) {
    if (values.from === undefined) throw new UsageError("--from is missing: expected the address of a folder data/");
    const fetched = await fetchZoo({
      from: String(values.from),
      names: operands.length > 0 ? operands : undefined,
      out: values.out?.toString(),
      onProgress: (file, done, bytes) =>
        terminal.count({
          stage: `fetching ${file}`,
          done: Math.round(done / 1e5) / 10,
          total: Math.round(bytes / 1e5) / 10,
          unit: "MB",
        }),
    });
    terminal.answer(
      fetched,
      () => `${fetched.zoo}: ${fetched.entries.join(", ")}, ${(fetched.bytes / 1e6).toFixed(1)} MB, verified`,
    );
  },
};

/** `zoo show`: all about one supernet, verified. */
export const zooShowCommand: Command = {
  name: "zoo show",
  summary:
    "Verifies a pretrained supernet and shows what it reaches, its licences, sizes and limits; --json: its card.",
  examples: [
    "deno task zoo show broad",
    "deno task zoo show broad --json",
  ],
  operands: { name: "NAME|DIR", least: 1, most: 1 },
  flags: FLAGS,
  async run({ values, operands, terminal }) {
    const card = await showZooEntry(operands[0]!, folderOf(values));
    terminal.answer(card, () => describeEntry(card).trimEnd());
  },
};

/** `zoo sign`: what `select` needs, for an entry that lacks it. */
export const zooSignCommand: Command = {
  name: "zoo sign",
  summary: "Adds features of its datasets to a pretrained supernet, by which select finds it; pretrain does so itself.",
  examples: [
    "deno task rootstock zoo sign clothes --data fashion-mnist-12k",
  ],
  operands: { name: "NAME|DIR", least: 1, most: 1 },
  flags: {
    data: { kind: "text", value: "A[,B…]", help: "datasets that it was pretrained on, in the order of its card" },
    seed: { kind: "integer", ...SEED_RANGE, help: "chooses the images", default: 0 },
    ...FLAGS,
  },
  async run({ values, operands, terminal }) {
    if (values.data === undefined) throw new UsageError("--data is missing: expected the entry's datasets");
    const card = await signZooEntry(operands[0]!, {
      data: String(values.data).split(","),
      seed: Number(values.seed ?? 0),
      zoo: folderOf(values),
    });
    terminal.answer(card, () => `${card.name} is signed: ${Object.keys(card.files).join(", ")}`);
  },
};

/** `zoo verify`: whether entries are whole. */
export const zooVerifyCommand: Command = {
  name: "zoo verify",
  summary:
    "Verifies pretrained supernets: checksums, format, shapes, finite numbers, signature, network and model card.",
  examples: [
    "deno task zoo verify",
    "deno task zoo verify broad",
  ],
  operands: { name: "[NAME|DIR]", least: 0, most: 1 },
  flags: FLAGS,
  async run({ values, operands, terminal }) {
    const entries = await verifyZoo(operands[0], folderOf(values));
    terminal.answer({ entries }, () =>
      formatTable([
        ["name", "", "bytes", "files"],
        ...entries.map(({ name, isSound, files, sizeBytes, problem }) => [
          name,
          isSound ? "sound" : "BROKEN",
          isSound ? sizeBytes.toLocaleString("en") : "",
          problem ?? files.join(", "),
        ]),
      ]));
    const broken = entries.filter(({ isSound }) => !isSound).map(({ name }) => name);
    if (broken.length === 0) return;
    const words = broken.length === 1 ? "1 entry is" : `${broken.length} entries are`;
    throw new RunError(`Cannot use ${broken.join(", ")}: ${words} broken, of ${entries.length} verified`);
  },
};

/** `zoo derive`: what traditional transfer needs, for an entry that lacks it. */
export const zooDeriveCommand: Command = {
  name: "zoo derive",
  summary:
    "Derives the network of a pretrained supernet, trains it on the supernet's dataset and adds it to the entry.",
  basic: [
    "data",
    "epochs",
    "channels",
    "learning-rate",
    "images-per-epoch",
    "seed",
    "out",
    "resume",
    "config",
    "json",
  ],
  examples: [
    "deno task rootstock zoo derive clothes",
    "deno task rootstock zoo derive clothes --epochs 60 --channels 16",
  ],
  operands: { name: "NAME|DIR", least: 0, most: 1, path: "entry.name" },
  flags: {
    data: {
      kind: "text",
      path: "data",
      value: "A[,B…]",
      help: "datasets that it was pretrained on, in the order of its card",
      default: "found by their names",
    },
    ...SHARING_FLAGS,
    zoo: { ...ZOO_FLAG, path: "entry.zoo" },
    epochs: { ...EPOCHS, path: "training.epochs", help: "epochs", default: DERIVE_DEFAULTS.training.epochs },
    channels: {
      ...SIZE_FLAGS.channels!,
      default: "the supernet's, whose weights are inherited only then",
    },
    ...ONLY_TRAINING_FLAGS,
    ...LEARNING_FLAGS,
    ...RUN_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run(invocation) {
    const { result, out } = await runStage(invocation, {
      defaults: DERIVE_DEFAULTS,
      required: { "entry.name": "the name of an entry" },
      folder: ({ entry, seed }) => `runs/derive-${slug(entry!.name!)}-${seed}`,
      work: deriveEntry,
    });
    invocation.terminal.answer(
      result,
      () =>
        `${describeResult(result, out)}\nNext: deno task rootstock traditional --source ${result.card.name} --target …`,
    );
  },
};

function folderOf({ zoo }: Values): string | undefined {
  return zoo === undefined ? undefined : String(zoo);
}
