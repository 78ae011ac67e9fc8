import { defaultCacheFolder } from "../../data/mod.ts";
import { importData, type ImportResult } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import { IMAGE_FLAGS, OUTPUT_FLAGS } from "../common_flags.ts";
import { openingFrom } from "../opening.ts";
import { formatTable } from "../../text/mod.ts";

/** `data import`: a dataset's pictures decoded, ahead of the commands that learn from them. */
export const dataImportCommand: Command = {
  name: "data import",
  summary: "Decodes the pictures of a dataset once and keeps the images; every command does so by itself.",
  examples: [
    "deno task data import path/to/photos",
    "deno task data import photos.zip --image 64 --json",
  ],
  operands: { name: "NAME|PATH", least: 1, most: 1 },
  flags: { ...IMAGE_FLAGS, ...OUTPUT_FLAGS },
  async run({ values, operands, terminal }) {
    const result = await importData(operands[0]!, openingFrom(values, terminal));
    terminal.done();
    const cache = values.cache?.toString() ?? defaultCacheFolder();
    terminal.answer({ ...result, cache }, () => formatTable(describe(result, cache)));
  },
};

function describe(result: ImportResult, cache: string): string[][] {
  const { data, classes, height, width, channels, train, validation, test, unreadable, seconds } = result;
  const count = (images: number) => images.toLocaleString("en");
  const speed = result.isDecoded ? `, ${count(result.imagesPerSecond!)} images/s` : ", decoded before";
  return [
    ["dataset", data],
    ["classes", String(classes.length)],
    ["images", `${height}x${width}, ${channels === 1 ? "grey" : "colour"}`],
    ["train", count(train)],
    ...(validation > 0 ? [["validation", count(validation)]] : []),
    ["test", count(test)],
    ...(unreadable.length > 0 ? [["left out", count(unreadable.length)]] : []),
    ["time", `${seconds.toFixed(1)} s${speed}`],
    ["kept in", cache],
    ["fingerprint", result.fingerprint],
  ];
}
