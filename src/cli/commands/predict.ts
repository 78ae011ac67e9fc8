import { predict } from "../../pipelines/mod.ts";
import { formatTable } from "../../report/mod.ts";
import type { Command } from "../command.ts";
import { ENGINE_FLAGS, OUTPUT_FLAGS } from "../common_flags.ts";
import { percent } from "../terminal.ts";
import { UsageError } from "../flags.ts";
import { engineOptions, requireFrom } from "./eval.ts";

/** `predict`: classes of images. */
export const predictCommand: Command = {
  name: "predict",
  summary: "Classifies images with the network of a finished run.",
  examples: [
    "deno task predict --from runs/transfer-uci-digits-0 photo.png",
    "deno task predict --from runs/transfer-uci-digits-0 --top 3 photo.png drawing.jpg",
    "deno task predict --from runs/transfer-uci-digits-0 --data uci-digits --json",
  ],
  operands: { name: "[FILE…]", least: 0, most: 100_000 },
  flags: {
    from: { kind: "text", value: "RUN", help: "finished train or transfer run, or its network.safetensors" },
    data: { kind: "text", value: "NAME|DIR", help: "classify the test images of a dataset instead of files" },
    top: { kind: "integer", from: 1, to: 1000, help: "classes to name for each image", default: 1 },
    batch: { kind: "integer", from: 1, to: 4096, help: "images a batch", default: 128 },
    ...ENGINE_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run({ values, operands, terminal }) {
    const from = requireFrom(values);
    if ((operands.length === 0) === (values.data === undefined)) {
      throw new UsageError("Expected image files (PNG, JPEG, or one IDX file), or --data, and not both");
    }
    const predictions = await predict({
      from,
      files: operands,
      top: Number(values.top ?? 1),
      batch: Number(values.batch ?? 128),
      data: values.data?.toString(),
      ...engineOptions(values),
    });
    terminal.answer(
      { predictions },
      () => formatTable(predictions.map(({ image, top }) => [image, ...top.map(word)])),
    );
  },
};

function word({ class: name, probability }: { class: string; probability: number }): string {
  return `${name} ${percent(probability)}`;
}
