import { DEFAULT_REQUEST, INPUT_KINDS, listExporters } from "../../export/mod.ts";
import { PRECISIONS } from "../../formats/mod.ts";
import { type ExportedFile, exportModel } from "../../pipelines/mod.ts";
import { MOST_BYTES, readRegularText, RunError } from "../../run/mod.ts";
import type { Command } from "../command.ts";
import { CACHE_FLAG, OUTPUT_FLAGS } from "../common_flags.ts";
import type { Value, Values } from "../flag.ts";
import { UsageError } from "../flags.ts";
import { listenerOf, requireFrom } from "../opening.ts";
import { percent } from "../terminal.ts";

/** `export`: the network as a file for other programs. */
export const exportCommand: Command = {
  name: "export",
  summary: "Writes the network of a finished run as a file for other programs.",
  examples: [
    "deno task export --from runs/transfer-uci-digits-0 --format onnx --out digits.onnx",
    "deno task export --from runs/transfer-uci-digits-0 --format onnx --precision int8 --out digits.int8.onnx",
    "deno task export --from runs/transfer-uci-digits-0 --format rootstock --precision f16 --out digits.rootstock",
  ],
  basic: ["from", "format", "out", "precision", "input", "name", "licence", "card", "data", "cache", "json"],
  flags: {
    from: {
      kind: "text",
      value: "RUN",
      help: "finished train or transfer run, its network.safetensors, or a .rootstock file",
    },
    format: {
      kind: "choice",
      of: listExporters().map(({ name }) => name),
      help: listExporters().map(({ name, describe }) => `${name}: ${describe}`).join("; "),
    },
    out: { kind: "text", value: "FILE", help: "file to write, which must not exist", default: "RUN/exported.FORMAT" },
    precision: {
      kind: "choice",
      of: PRECISIONS,
      help: "numbers of the file: rootstock has all three, onnx f32 and int8 (after deno task onnxruntime), others f32",
      default: DEFAULT_REQUEST.precision,
    },
    input: {
      kind: "choice",
      of: INPUT_KINDS,
      help: "what an onnx file reads; uint8: pixels [N,H,W,C] from 0 to 255; float: [N,C,H,W] from 0 to 1",
      default: DEFAULT_REQUEST.input,
    },
    name: { kind: "text", value: "TEXT", help: "what onnx and rootstock files call the network" },
    licence: { kind: "text", value: "TEXT", help: "terms under which they say that it may be used" },
    card: { kind: "text", value: "FILE", help: "model card, Markdown", default: "made of what is known" },
    data: {
      kind: "text",
      value: "NAME|PATH",
      help: "dataset to calibrate and measure f16 and int8 with",
      default: "the one trained on",
    },
    cache: CACHE_FLAG,
    ...OUTPUT_FLAGS,
  },
  async run({ values, terminal }) {
    const from = requireFrom(values);
    if (values.format === undefined) {
      throw new UsageError(
        `--format is missing: expected one of ${listExporters().map(({ name }) => name).join(", ")}`,
      );
    }
    const written = await exportModel({
      from,
      format: String(values.format),
      out: textOf(values.out),
      request: {
        input: INPUT_KINDS.find((kind) => kind === values.input) ?? DEFAULT_REQUEST.input,
        precision: PRECISIONS.find((precision) => precision === values.precision) ?? DEFAULT_REQUEST.precision,
      },
      about: { name: textOf(values.name), licence: textOf(values.licence), card: await readCard(values) },
      images: { data: textOf(values.data), cache: textOf(values.cache), listener: listenerOf(terminal) },
    });
    if (written.unmeasured !== undefined) terminal.warn(written.unmeasured);
    terminal.answer(written, () => describe(written));
  },
};

function textOf(value: Value | undefined): string | undefined {
  return value?.toString();
}

async function readCard({ card }: Values): Promise<string | undefined> {
  if (card === undefined) return undefined;
  const text = await readRegularText(String(card), { maximumBytes: MOST_BYTES.settings });
  if (text === undefined) throw new RunError(`Cannot read ${card}: found no such file, expected a model card`);
  return text;
}

function describe({ file, precision, accuracy }: ExportedFile): string {
  if (accuracy === undefined) return file;
  const { count, before, after } = accuracy;
  return `${file}\naccuracy on ${count} test images: ${percent(before)}, as ${precision} ${percent(after)}`;
}
