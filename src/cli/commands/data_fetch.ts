import { fetchData, type FetchProgress, listKnownDatasets } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";
import { formatTable } from "../../text/mod.ts";

/** `data fetch`: public datasets by name. */
export const dataFetchCommand: Command = {
  name: "data fetch",
  summary:
    "Fetches a public dataset by its name, or goes on where that was cut; without a name: lists those that there are.",
  examples: [
    "deno task fetch",
    "deno task fetch mnist",
    "deno task data fetch eurosat --from ~/Downloads/EuroSAT_RGB.zip",
  ],
  operands: { name: "[NAME]", least: 0, most: 1 },
  flags: {
    out: {
      kind: "text",
      value: "DIR",
      help: "folder in which the dataset gets its own; only in the default one it is known by its name",
      default: "runs/data",
    },
    from: {
      kind: "text",
      value: "FILE|DIR",
      help: "verify and copy files that were fetched in another way, without the network",
    },
    ...OUTPUT_FLAGS,
  },
  async run({ operands, values, terminal }) {
    const [name] = operands;
    if (name === undefined) {
      const datasets = await listKnownDatasets();
      return terminal.answer({ datasets }, () => tabulate(datasets));
    }
    const onProgress = ({ file, done, bytes }: FetchProgress) =>
      terminal.count({ stage: `fetching ${file}`, done: inMegabytes(done), total: inMegabytes(bytes), unit: "MB" });
    const fetched = await fetchData(name, { out: values.out?.toString(), from: values.from?.toString(), onProgress });
    const given = values.out === undefined ? fetched.name : fetched.path;
    terminal.answer(fetched, () =>
      [
        `${fetched.path}: ${megabytes(fetched.bytes)} MB, verified`,
        `licence: ${fetched.licence}`,
        `next: deno task data inspect ${given}`,
      ].join("\n"));
  },
};

function tabulate(datasets: Awaited<ReturnType<typeof listKnownDatasets>>): string {
  return formatTable([
    ["name", "classes", "images", "MB", "", "licence"],
    ...datasets.map(({ name, classes, images, bytes, isFetched, licence }) => [
      name,
      String(classes),
      images.toLocaleString("en"),
      megabytes(bytes),
      isFetched ? "fetched" : "",
      licence,
    ]),
  ]);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

/** For a display that counts: to the tenth. */
function inMegabytes(bytes: number): number {
  return Math.round(bytes / 1e5) / 10;
}
