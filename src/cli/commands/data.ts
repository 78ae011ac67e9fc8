import { listDatasets } from "../../data/mod.ts";
import { inspectData } from "../../pipelines/mod.ts";
import { formatTable } from "../../report/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";

/** `data list`: the embedded datasets. */
export const dataListCommand: Command = {
  name: "data list",
  summary: "Lists the embedded datasets.",
  examples: [
    "deno task data list",
    "deno task data list --json",
  ],
  flags: OUTPUT_FLAGS,
  async run({ terminal }) {
    const datasets = await listDatasets();
    terminal.answer({ datasets }, () =>
      formatTable([
        ["name", "classes", "size", "channels", "train", "test", "licence"],
        ...datasets.map(({ name, classes, height, width, channels, train, test, licence }) => [
          name,
          String(classes),
          `${height}x${width}`,
          String(channels),
          train.toLocaleString("en"),
          test.toLocaleString("en"),
          licence,
        ]),
      ]));
  },
};

/** `data inspect`: all about one dataset. */
export const dataInspectCommand: Command = {
  name: "data inspect",
  summary: "Reads a dataset, checks all of it and describes it.",
  examples: [
    "deno task data inspect uci-digits",
    "deno task data inspect path/to/folder",
  ],
  operands: { name: "NAME|DIR", least: 1, most: 1 },
  flags: OUTPUT_FLAGS,
  async run({ operands, terminal }) {
    const found = await inspectData(operands[0]!);
    const { classes, augmentation, ...facts } = found;
    terminal.answer(found, () =>
      [
        formatTable([
          ...Object.entries(facts).map(([name, value]) => [name, String(value)]),
          ["augmentation", JSON.stringify(augmentation)],
        ]),
        "",
        formatTable([
          ["class", "train", "test"],
          ...classes.map(({ name, train, test }) => [name, String(train), String(test)]),
        ]),
      ].join("\n"));
  },
};
