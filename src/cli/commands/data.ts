import { listDatasets } from "../../data/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";
import { formatTable } from "../../text/mod.ts";

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
