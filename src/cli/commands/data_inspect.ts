import { DataError, type InspectionPictures } from "../../data/mod.ts";
import { inspectData } from "../../pipelines/mod.ts";
import { renderContactSheet, renderInspection, summariseInspection } from "../../report/mod.ts";
import { writeAtomic } from "../../run/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";

/** `data inspect`: all about one dataset, before anything is trained on it. */
export const dataInspectCommand: Command = {
  name: "data inspect",
  summary: "Looks at every image of a dataset: counts, sizes, duplicates, leaks into the test part, unreadable files.",
  examples: [
    "deno task data inspect uci-digits",
    "deno task data inspect path/to/photos --html runs/photos.html",
    "deno task data inspect path/to/photos.zip --sheet runs/photos.png --json",
  ],
  operands: { name: "NAME|PATH", least: 1, most: 1 },
  flags: {
    html: {
      kind: "text",
      value: "FILE",
      help: "write a page below runs/ with charts, pictures of each class and duplicates side by side",
    },
    sheet: { kind: "text", value: "FILE", help: "write a PNG file below runs/ with a row of pictures for each class" },
    ...OUTPUT_FLAGS,
  },
  async run({ operands, values, terminal }) {
    const path = operands[0]!;
    const [html, sheet] = [values.html?.toString(), values.sheet?.toString()];
    const { inspection, pictures } = await inspectData(path, {
      hasPictures: html !== undefined || sheet !== undefined,
      onProgress: (done, total) => terminal.count({ stage: "inspecting", done, total, unit: "images" }),
    });
    if (html !== undefined) await writeAtomic(html, renderInspection(inspection, pictures!, path));
    if (sheet !== undefined) await writeAtomic(sheet, renderSheet(pictures!, path));
    const written = [html, sheet].filter((file) => file !== undefined);
    terminal.answer(
      inspection,
      () => [summariseInspection(inspection, path), ...written.map((file) => `written: ${file}`)].join("\n"),
    );
  },
};

function renderSheet({ classes }: InspectionPictures, path: string): Uint8Array {
  const rows = classes.map(({ samples }) => samples);
  if (rows.flat().length > 0) return renderContactSheet(rows);
  throw new DataError(`Cannot draw a contact sheet of ${path}: none of its pictures can be read`);
}
