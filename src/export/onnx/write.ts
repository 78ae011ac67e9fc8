import { formatGenotype } from "../../spaces/mod.ts";
import type { Model } from "../../zoo/mod.ts";
import type { ExportRequest } from "../exporters/exporter.ts";
import { calibrate } from "./calibrate.ts";
import { encodeOnnx, type OnnxHeader } from "./encode.ts";
import type { InputKind } from "./input_kind.ts";
import { INPUT, LOGITS, lowerToOnnx, PROBABILITIES } from "./lower.ts";
import { quantiseGraph, type Range } from "./quantise.ts";
import { onnxOpener } from "./session.ts";

/**
 * Writes a network as an ONNX file.
 *
 * @param model The network; an auxiliary head is left out.
 * @param request What the graph reads, precision; for `int8` images that the network has learnt from.
 * @returns The whole file. Equal networks give equal bytes.
 * @throws {RangeError} If images are missing or of another size.
 * @throws {RunError} If there is no onnxruntime to calibrate with.
 */
export async function writeOnnx(model: Model, request: ExportRequest): Promise<Uint8Array<ArrayBuffer>> {
  const { input } = request;
  const graph = lowerToOnnx(model, input);
  const header = headerOf(model, input);
  if (request.precision === "f32") return encodeOnnx(graph, header);
  return encodeOnnx(quantiseGraph(graph, await rangesOf(model, request)), header);
}

/** Ranges of the network's values. They do not depend on what the image is read from: images are pixels. */
async function rangesOf(model: Model, { images, runtime }: ExportRequest): Promise<ReadonlyMap<string, Range>> {
  if (images === undefined) {
    throw new RangeError("Cannot export as int8: expected images to find ranges of values with");
  }
  const { inputChannels: channels, height, width } = model.space;
  if (String(images.shape) !== String([height, width, channels])) {
    throw new RangeError(
      `Cannot export as int8: images are ${
        images.shape.join("x")
      }, expected ${height}x${width}x${channels} as trained on`,
    );
  }
  const open = await onnxOpener(runtime);
  return await calibrate(lowerToOnnx(model, "uint8"), images, { open, header: headerOf(model, "uint8") });
}

/** What stands in the file beside the graph. */
function headerOf(model: Model, input: InputKind): OnnxHeader {
  const { height, width, inputChannels: channels, classes } = model.space;
  const sizes = input === "uint8" ? [height, width, channels] : [channels, height, width];
  return {
    text: model.about?.card,
    metadata: metadataOf(model, input),
    inputs: [{ name: INPUT, type: input, shape: ["batch", ...sizes] }],
    outputs: [LOGITS, PROBABILITIES].map((name) => ({ name, type: "float", shape: ["batch", classes] })),
  };
}

/** What a program needs to use the file, as texts; lists and objects as JSON. */
function metadataOf(model: Model, input: InputKind): Record<string, string | undefined> {
  const { space, genotype, classes, mean, std, images, data, about } = model;
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
  const { name, licence } = about ?? {};
  return {
    name,
    licence,
    classes: JSON.stringify(classes),
    preprocessing: JSON.stringify(preprocessing),
    space: JSON.stringify(space),
    genotype: formatGenotype(genotype, space.name),
    data,
  };
}
