import project from "../../../deno.json" with { type: "json" };
import { formatGenotype } from "../../spaces/mod.ts";
import type { Model } from "../../zoo/mod.ts";
import type { ExportRequest } from "../exporters/exporter.ts";
import { encodeOnnx, type OnnxHeader } from "./encode.ts";
import type { InputKind } from "./input_kind.ts";
import { INPUT, LOGITS, lowerToOnnx, PROBABILITIES } from "./lower.ts";

/**
 * Writes a network as an ONNX file.
 *
 * @param model The network; an auxiliary head is left out.
 * @param request What the graph reads.
 * @returns The whole file. Equal networks give equal bytes.
 */
export function writeOnnx(model: Model, { input }: ExportRequest): Uint8Array<ArrayBuffer> {
  return encodeOnnx(lowerToOnnx(model, input), headerOf(model, input));
}

/** What stands in the file beside the graph. */
function headerOf(model: Model, input: InputKind): OnnxHeader {
  const { height, width, inputChannels: channels, classes } = model.space;
  const sizes = input === "uint8" ? [height, width, channels] : [channels, height, width];
  return {
    name: "network",
    version: project.version,
    text: "",
    metadata: metadataOf(model, input),
    inputs: [{ name: INPUT, type: input, shape: ["batch", ...sizes] }],
    outputs: [LOGITS, PROBABILITIES].map((name) => ({ name, type: "float", shape: ["batch", classes] })),
  };
}

/** What a program needs to use the file, as texts; lists and objects as JSON. */
function metadataOf({ space, genotype, classes, mean, std, images, data }: Model, input: InputKind) {
  const { height, width, inputChannels } = space;
  const preprocessing = {
    height,
    width,
    channels: inputChannels === 1 ? "grey" : "RGB",
    fit: images.fit,
    layout: input === "uint8" ? "NHWC" : "NCHW",
    range: input === "uint8" ? [0, 255] : [0, 1],
    mean,
    std,
  };
  return {
    classes: JSON.stringify(classes),
    preprocessing: JSON.stringify(preprocessing),
    space: JSON.stringify(space),
    genotype: formatGenotype(genotype, space.name),
    data,
  };
}
