import { predict, type Prediction } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import { CACHE_FLAG, ENGINE_FLAGS, OUTPUT_FLAGS } from "../common_flags.ts";
import type { Values } from "../flag.ts";
import { UsageError } from "../flags.ts";
import { engineOptions, listenerOf, requireFrom } from "../opening.ts";
import { namedPictures } from "../picture_operands.ts";
import { createPredictionWriter, type PredictionForm } from "../predictions.ts";

/** `predict`: classes of images. */
export const predictCommand: Command = {
  name: "predict",
  summary:
    "Classifies pictures with the network of a finished run: files, folders, patterns in quotes; - reads a picture or a list of paths.",
  examples: [
    "deno task predict --from runs/transfer-uci-digits-0 photo.png",
    "deno task predict --from runs/transfer-uci-digits-0 --top 3 --csv 'photos/**/*.jpg'",
    "deno task predict --from runs/transfer-uci-digits-0 --data uci-digits --json",
  ],
  operands: { name: "[PICTURE|DIR|PATTERN|-…]", least: 0, most: 100_000 },
  flags: {
    from: {
      kind: "text",
      value: "RUN",
      help: "finished train or transfer run, its network.safetensors, or a .rootstock file",
    },
    data: { kind: "text", value: "NAME|PATH", help: "classify the test images of a dataset instead of pictures" },
    top: { kind: "integer", from: 1, to: 1000, help: "classes to name for each image", default: 1 },
    batch: { kind: "integer", from: 1, to: 4096, help: "images a batch", default: 128 },
    jsonl: { kind: "switch", help: "print one JSON document a line, as they come" },
    csv: { kind: "switch", help: "print comma-separated values with a heading" },
    cache: CACHE_FLAG,
    ...ENGINE_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run({ values, operands, terminal }) {
    const from = requireFrom(values);
    if ((operands.length === 0) === (values.data === undefined)) {
      throw new UsageError(
        "Expected pictures (files, folders, patterns in quotes, -, or one IDX file) or --data, one of both",
      );
    }
    const top = Number(values.top ?? 1);
    const batch = Number(values.batch ?? 128);
    const writer = await createPredictionWriter(formOf(values), top);
    const answers = predict({
      from,
      pictures: namedPictures(operands),
      top,
      batch,
      data: values.data?.toString(),
      cache: values.cache?.toString(),
      listener: listenerOf(terminal),
      ...engineOptions(values),
    });
    let [isBegun, unread, ready] = [false, 0, [] as Prediction[]];
    const write = (end = "") => {
      terminal.write((isBegun ? "" : writer.start) + writer.write(ready) + end);
      [isBegun, ready] = [true, []];
    };
    for await (const answer of answers) {
      if ("error" in answer) {
        terminal.warn(answer.error);
        unread++;
      } else if (ready.push(answer) >= batch) write();
    }
    write(writer.end);
    return unread === 0 ? 0 : 1;
  },
};

function formOf({ json, jsonl, csv }: Values): PredictionForm {
  const forms = { json, jsonl, csv };
  const given = (["json", "jsonl", "csv"] as const).filter((form) => forms[form] === true);
  if (given.length > 1) throw new UsageError(`Expected one of ${given.map((form) => `--${form}`).join(" and ")}`);
  return given[0] ?? "table";
}
