import { listZoo, showZooEntry, signZooEntry } from "../../pipelines/mod.ts";
import { formatTable } from "../../report/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";
import { percent } from "../terminal.ts";
import { type Flags, UsageError, type Values } from "../flags.ts";

const FLAGS: Flags = {
  zoo: { kind: "text", value: "DIR", help: "folder of the zoo", default: "the project's data/zoo" },
  ...OUTPUT_FLAGS,
};

/** `zoo list`: the pretrained supernets. */
export const zooListCommand: Command = {
  name: "zoo list",
  summary: "Lists the pretrained supernets.",
  flags: FLAGS,
  async run({ values, terminal }) {
    const cards = await listZoo(folderOf(values));
    const entries = cards.map((card) => ({ ...card, sources: card.sources.map(({ name }) => name) }));
    terminal.answer({ entries }, () =>
      formatTable([
        ["name", "sources", "space", "cells", "channels", "validation accuracy", "bytes"],
        ...entries.map(({ name, sources, space, metrics, files }) => [
          name,
          sources.join(", "),
          space.name,
          String(space.cells),
          String(space.channels),
          typeof metrics.validAccuracy === "number" ? percent(metrics.validAccuracy) : "unknown",
          Object.values(files).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0).toLocaleString("en"),
        ]),
      ]));
  },
};

/** `zoo show`: all about one supernet, verified. */
export const zooShowCommand: Command = {
  name: "zoo show",
  summary: "Verifies a pretrained supernet and shows its card.",
  operands: { name: "NAME|DIR", least: 1, most: 1 },
  flags: FLAGS,
  async run({ values, operands, terminal }) {
    const card = await showZooEntry(operands[0]!, folderOf(values));
    terminal.answer(card, () => JSON.stringify(card, null, 2));
  },
};

/** `zoo sign`: what `select` needs, for an entry that lacks it. */
export const zooSignCommand: Command = {
  name: "zoo sign",
  summary: "Adds a sample of its datasets to a pretrained supernet, by which select finds it; pretrain does so itself.",
  operands: { name: "NAME", least: 1, most: 1 },
  flags: {
    data: { kind: "text", value: "A[,B…]", help: "datasets that it was pretrained on, in the order of its card" },
    seed: { kind: "integer", from: 0, to: 2 ** 32 - 1, help: "chooses the images", default: 0 },
    ...FLAGS,
  },
  async run({ values, operands, terminal }) {
    if (values.data === undefined) throw new UsageError("--data is missing: expected the entry's datasets");
    const zoo = folderOf(values);
    const card = await signZooEntry(operands[0]!, {
      data: String(values.data).split(","),
      seed: Number(values.seed ?? 0),
      ...(zoo !== undefined && { zoo }),
    });
    terminal.answer(card, () => `${card.name} is signed: ${Object.keys(card.files).join(", ")}`);
  },
};

function folderOf({ zoo }: Values): string | undefined {
  return zoo === undefined ? undefined : String(zoo);
}
