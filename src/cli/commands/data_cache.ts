import { clearCache, defaultCacheFolder, listCache } from "../../data/mod.ts";
import type { Command } from "../command.ts";
import { CACHE_FLAG, OUTPUT_FLAGS } from "../common_flags.ts";
import type { Values } from "../flag.ts";
import { UsageError } from "../flags.ts";
import { formatTable } from "../../text/mod.ts";

/** `data cache list`: what is kept decoded. */
export const dataCacheListCommand: Command = {
  name: "data cache list",
  summary: "Lists the datasets whose pictures are kept decoded, the one used last first.",
  examples: ["deno task data cache list", "deno task data cache list --json"],
  flags: { cache: CACHE_FLAG, ...OUTPUT_FLAGS },
  run({ values, terminal }) {
    const folder = folderOf(values);
    const datasets = listCache(folder);
    terminal.answer({ folder, datasets }, () =>
      datasets.length === 0 ? `${folder} keeps no dataset` : formatTable([
        ["source", "classes", "images", "size", "MB", "last used", "content"],
        ...datasets.map(({ sources, classes, images, height, width, channels, bytes, used, content }) => [
          sources.join(", ") || "unknown",
          String(classes),
          images.toLocaleString("en"),
          `${height}x${width}x${channels}`,
          megabytes(bytes),
          used.slice(0, 16).replace("T", " "),
          content.slice(0, 12),
        ]),
      ]));
    return Promise.resolve();
  },
};

/** `data cache clear`: makes room. */
export const dataCacheClearCommand: Command = {
  name: "data cache clear",
  summary: "Removes a dataset's decoded pictures, or those of all; they are decoded again when they are needed.",
  examples: ["deno task data cache clear path/to/photos", "deno task data cache clear --all"],
  operands: { name: "PATH|CONTENT", least: 0, most: 1 },
  flags: {
    all: { kind: "switch", help: "all datasets" },
    cache: CACHE_FLAG,
    ...OUTPUT_FLAGS,
  },
  run({ values, operands: [name], terminal }) {
    if ((name === undefined) === (values.all !== true)) {
      throw new UsageError(
        "A dataset or --all is expected, one of them: deno task data cache list shows what there is",
      );
    }
    const folder = folderOf(values);
    const cleared = clearCache(folder, name);
    terminal.answer({ folder, ...cleared }, () => {
      const { removed, bytes, inUse } = cleared;
      const stay = inUse > 0 ? `; ${inUse} in use ${inUse === 1 ? "stays" : "stay"}` : "";
      return `Removed ${removed} ${removed === 1 ? "dataset" : "datasets"}, ${megabytes(bytes)} MB${stay}`;
    });
    return Promise.resolve();
  },
};

function folderOf({ cache }: Values): string {
  return cache?.toString() ?? defaultCacheFolder();
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
