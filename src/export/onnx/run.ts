import type { ExportImages } from "../exporters/images.ts";
import { encodeOnnx } from "./encode.ts";
import { OnnxGraph } from "./graph.ts";
import type { InputKind } from "./input_kind.ts";
import { INPUT, PROBABILITIES } from "./lower.ts";
import type { OnnxInput, OnnxSession, OpenOnnx } from "./session.ts";

/** Images that are run together: few enough for the values between to fit in memory. */
const BATCH = 32;

/** What a graph makes of images, by name. */
export type Made = Readonly<Record<string, Float32Array>>;

/**
 * Runs a graph that reads pixels on images.
 *
 * @param session The graph.
 * @param images The images.
 * @param prepare What is done to the pixels of a batch before; nothing if left out.
 * @returns What it makes of each batch, in order.
 */
export async function* runOnImages(
  session: OnnxSession,
  { pixels, count, shape }: ExportImages,
  prepare: (pixels: OnnxInput) => OnnxInput | Promise<OnnxInput> = (pixels) => pixels,
): AsyncGenerator<Made> {
  const size = shape.reduce((product, side) => product * side, 1);
  for (let first = 0; first < count; first += BATCH) {
    const end = Math.min(count, first + BATCH);
    const data = pixels.read(first * size, end * size);
    yield await session.run(await prepare({ shape: [end - first, ...shape], data }));
  }
}

/**
 * Runs a file on images.
 *
 * @param file The file.
 * @param images The images.
 * @param options What opens files, and what this one reads.
 * @returns For each image the index of the class that the file says.
 */
export async function classifyWithOnnx(
  file: Uint8Array,
  images: ExportImages,
  { open, input }: { open: OpenOnnx; input: InputKind },
): Promise<number[]> {
  await using session = await open(file);
  await using divided = input === "float" ? await open(divisionFile(images)) : undefined;
  const [height, width, channels] = images.shape;
  const prepare = divided && (async (pixels: OnnxInput) => {
    const { [PLANES]: data } = await divided.run(pixels);
    return { shape: [pixels.shape[0]!, channels, height, width], data: data! };
  });
  const labels: number[] = [];
  for await (const made of runOnImages(session, images, prepare)) {
    const probabilities = made[PROBABILITIES]!;
    const count = Math.min(BATCH, images.count - labels.length);
    const classes = probabilities.length / count;
    for (let row = 0; row < count; row++) {
      labels.push(indexOfLargest(probabilities.subarray(row * classes, (row + 1) * classes)));
    }
  }
  return labels;
}

const PLANES = "planes";

/** A file that makes floats of pixels as `ToTensor` does. */
function divisionFile({ shape: [height, width, channels] }: ExportImages): Uint8Array {
  const graph = new OnnxGraph();
  const floats = graph.add("Cast", [graph.add("Transpose", [INPUT], { perm: [0, 3, 1, 2] })], { to: 1 });
  graph.rename(graph.add("Div", [floats, graph.constant("largest", [], Float32Array.of(255))]), PLANES);
  return encodeOnnx(graph, {
    inputs: [{ name: INPUT, type: "uint8", shape: ["batch", height, width, channels] }],
    outputs: [{ name: PLANES, type: "float", shape: ["batch", channels, height, width] }],
  });
}

function indexOfLargest(numbers: Float32Array): number {
  return numbers.reduce((best, value, i) => value > numbers[best]! ? i : best, 0);
}
