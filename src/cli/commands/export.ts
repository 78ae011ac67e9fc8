import { DEFAULT_REQUEST, INPUT_KINDS, listExporters } from "../../export/mod.ts";
import { exportModel } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";
import { UsageError } from "../flags.ts";
import { requireFrom } from "./eval.ts";

/** `export`: the network as a file for other programs. */
export const exportCommand: Command = {
  name: "export",
  summary: "Writes the network of a finished run as a file for other programs.",
  examples: [
    "deno task export --from runs/transfer-uci-digits-0 --format onnx --out digits.onnx",
    "deno task export --from runs/transfer-uci-digits-0 --format safetensors",
    "deno task export --from runs/transfer-uci-digits-0 --format dot --out cells.dot",
  ],
  flags: {
    from: { kind: "text", value: "RUN", help: "finished train or transfer run, or its network.safetensors" },
    format: {
      kind: "choice",
      of: listExporters().map(({ name }) => name),
      help: listExporters().map(({ name, describe }) => `${name}: ${describe}`).join("; "),
    },
    out: { kind: "text", value: "FILE", help: "file to write, which must not exist", default: "RUN/exported.FORMAT" },
    input: {
      kind: "choice",
      of: INPUT_KINDS,
      help: "what an onnx file reads; uint8: pixels [N,H,W,C] from 0 to 255; float: [N,C,H,W] from 0 to 1",
      default: DEFAULT_REQUEST.input,
    },
    ...OUTPUT_FLAGS,
  },
  async run({ values, terminal }) {
    const from = requireFrom(values);
    if (values.format === undefined) {
      throw new UsageError(
        `--format is missing: expected one of ${listExporters().map(({ name }) => name).join(", ")}`,
      );
    }
    const input = INPUT_KINDS.find((kind) => kind === values.input) ?? DEFAULT_REQUEST.input;
    const written = await exportModel({
      from,
      format: String(values.format),
      out: values.out?.toString(),
      request: { input },
    });
    terminal.answer(written, () => written.file);
  },
};
