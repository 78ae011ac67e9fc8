import type { ExportImages } from "../exporters/images.ts";
import { encodeOnnx, type OnnxHeader } from "./encode.ts";
import type { OnnxGraph } from "./graph.ts";
import { PROBABILITIES } from "./lower.ts";
import { quantiseGraph, type Range, roundedValues } from "./quantise.ts";
import { runOnImages } from "./run.ts";
import type { OpenOnnx } from "./session.ts";

/** Shares of the images whose extremes a range holds; what lies beyond is cut off. All, or all but outliers. */
const SHARES = [1, 0.95];

/** Smallest and largest number of each image, by value. */
type Extremes = ReadonlyMap<string, Readonly<Record<"min" | "max", number[]>>>;

/**
 * Rounds a network to 8 bits by what it makes of images: of ranges with and without outliers those after which it says most nearly
 * what it said before.
 *
 * @param graph The network, which reads pixels.
 * @param images Images that it has learnt from, a few hundred.
 * @param options What opens files; what stands in them beside a graph.
 * @returns Ranges of the {@linkcode roundedValues}.
 */
export async function calibrate(
  graph: OnnxGraph,
  images: ExportImages,
  { open, header }: { open: OpenOnnx; header: OnnxHeader },
): Promise<ReadonlyMap<string, Range>> {
  const { extremes, probabilities } = await observe(graph, images, { open, header });
  let best: { ranges: ReadonlyMap<string, Range>; loss: number } | undefined;
  for (const share of SHARES) {
    const ranges = new Map(Array.from(extremes, ([name, found]) => [name, rangeOf(found, share)] as const));
    await using session = await open(encodeOnnx(quantiseGraph(graph, ranges), header));
    const loss = divergence(probabilities, await collect(session, images));
    if (best === undefined || loss < best.loss) best = { ranges, loss };
  }
  return best!.ranges;

  async function collect(session: Awaited<ReturnType<OpenOnnx>>, images: ExportImages): Promise<number[]> {
    const found: number[] = [];
    for await (const made of runOnImages(session, images)) found.push(...made[PROBABILITIES]!);
    return found;
  }
}

/** Runs the graph with further outputs: the extremes of every value, image by image. */
async function observe(
  graph: OnnxGraph,
  images: ExportImages,
  { open, header }: { open: OpenOnnx; header: OnnxHeader },
): Promise<{ extremes: Extremes; probabilities: number[] }> {
  const values = roundedValues(graph);
  const extremes = new Map(values.map((name) => [name, { min: [] as number[], max: [] as number[] }]));
  const watched = graph.clone();
  const outputs = values.flatMap((value) => [
    { value, end: "min" as const, name: watched.add("ReduceMin", [value], { axes: [1, 2, 3], keepdims: 0 }) },
    { value, end: "max" as const, name: watched.add("ReduceMax", [value], { axes: [1, 2, 3], keepdims: 0 }) },
  ]);
  const ports = outputs.map(({ name }) => ({ name, type: "float", shape: ["batch"] } as const));
  await using session = await open(encodeOnnx(watched, { ...header, outputs: [...header.outputs, ...ports] }));
  const probabilities: number[] = [];
  for await (const made of runOnImages(session, images)) {
    probabilities.push(...made[PROBABILITIES]!);
    for (const { value, end, name } of outputs) extremes.get(value)![end].push(...made[name]!);
  }
  return { extremes, probabilities };
}

/** The range that holds the extremes of a share of the images. */
function rangeOf({ min, max }: Readonly<Record<"min" | "max", number[]>>, share: number): Range {
  const place = Math.ceil(share * min.length) - 1;
  return { min: min.toSorted((a, b) => b - a)[place]!, max: max.toSorted((a, b) => a - b)[place]! };
}

/** Kullback–Leibler divergence of what is said from what was to be said, in nats over all images. */
function divergence(expected: readonly number[], found: readonly number[]): number {
  const smallest = 1e-12;
  return expected.reduce((sum, p, i) => sum + (p > smallest ? p * Math.log(p / Math.max(found[i]!, smallest)) : 0), 0);
}
