import { type Dataset, printable } from "../data/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { MOST_BYTES, readRegularFile, RunError } from "../run/mod.ts";
import { joinRows } from "../search/mod.ts";
import type { Features } from "./features.ts";
import type { OnnxSession } from "./onnx_session.ts";

/** Images a run, where the file does not fix it. */
const BATCH = 16;

/** How pixels become the numbers that a network was trained on: (byte / 255 − mean) / std. */
interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Those of ImageNet's photographs, on which nearly every network in the wild was trained. */
export const IMAGENET: Normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** What is used of a dataset. */
type Images = Pick<Dataset, "height" | "width" | "channels" | "train" | "test">;

/** A file that gives features, and how it wants its images. */
interface Extractor {
  readonly file: string;
  readonly session: OnnxSession;
  readonly normalisation: Normalisation;
}

/**
 * Takes the features that an ONNX network gives, see docs/lab/features.md for what it must be. Maps of features are averaged over
 * space.
 *
 * @param engine Brings images to the size that the network asks for, as pictures are (Lanczos' filter).
 * @param dataset The images.
 * @param options The file's path; called between batches.
 * @returns Features of all images, and the network's cost; multiply-adds as far as the file tells them.
 * @throws {RunError} If the file is no such network; one line.
 */
export async function onnxFeatures(
  engine: Pick<Engine, "preparePicture">,
  dataset: Images,
  { file, onBatch = () => {} }: { readonly file: string; readonly onBatch?: (() => void) | undefined },
): Promise<Features> {
  const bytes = await readRegularFile(file, { maximumBytes: MOST_BYTES.tensors });
  if (bytes === undefined) throw new RunError(`Cannot read ${file}: found no such file, expected an ONNX network`);
  // Both libraries are loaded with the first such file.
  const [{ openOnnx }, { describeOnnx }] = [await import("./onnx_session.ts"), await import("./onnx_file.ts")];
  await using session = await openOnnx(bytes, file);
  const { parameters, metadata } = describeOnnx(bytes);
  const extractor = { file, session, normalisation: normalisationOf(file, metadata) };
  const run = (part: "train" | "test") => runPart(extractor, { engine, dataset, part, onBatch });
  return { train: await run("train"), test: await run("test"), parameters, macs: macsOf(file, metadata) };
}

function normalisationOf(file: string, metadata: ReadonlyMap<string, string>): Normalisation {
  const [mean, std] = ["mean", "std"].map((name) => {
    const text = metadata.get(`rootstock.${name}`);
    const numbers = text?.split(",").map(Number);
    const isRight = numbers === undefined ||
      numbers.length === 3 && numbers.every((value) => Number.isFinite(value) && (name === "mean" || value > 0));
    if (isRight) return numbers;
    const wanted = `three ${name === "std" ? "positive " : ""}numbers with commas between`;
    throw new RunError(`Cannot read ${file}: rootstock.${name} is ${printable(text!)}, expected ${wanted}`);
  });
  if ((mean === undefined) !== (std === undefined)) {
    throw new RunError(`Cannot read ${file}: found one of rootstock.mean and rootstock.std, expected both or none`);
  }
  return mean && std ? { mean, std } : IMAGENET;
}

function macsOf(file: string, metadata: ReadonlyMap<string, string>): number | null {
  const text = metadata.get("rootstock.macs");
  if (text === undefined) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new RunError(`Cannot read ${file}: rootstock.macs is ${printable(text)}, expected a whole number`);
}

async function runPart(
  { file, session, normalisation }: Extractor,
  { engine, dataset, part, onBatch }: {
    engine: Pick<Engine, "preparePicture">;
    dataset: Images;
    part: "train" | "test";
    onBatch: () => void;
  },
): Promise<Float32Array> {
  const { count, pixels } = dataset[part];
  const { height = dataset.height, width = dataset.width, batch = BATCH } = session;
  const [size, toSize] = [dataset.height * dataset.width * dataset.channels, 3 * height * width];
  const tables = byteTables(normalisation);
  const rows: Float32Array[] = [];
  for (let start = 0; start < count; start += batch) {
    onBatch();
    const images = Math.min(batch, count - start);
    // A file that fixes the batch gets black images after the last one.
    const planes = new Float32Array((session.batch ?? images) * toSize);
    for (let i = 0; i < images; i++) {
      const whole = pixels.read((start + i) * size, (start + i + 1) * size);
      const shape = { height, width, channels: 3, fit: "crop" } as const;
      const picture = isAsWanted(dataset, shape)
        ? whole
        : engine.preparePicture({ ...dataset, pixels: whole }, shape).pixels;
      writePlanes(picture, tables, planes.subarray(i * toSize, (i + 1) * toSize));
    }
    const { data, dims } = await session.run(planes, [planes.length / toSize, 3, height, width]);
    rows.push(poolRows(file, { data, dims }, { images, of: planes.length / toSize }));
  }
  return joinRows(rows);
}

function isAsWanted(
  found: { height: number; width: number; channels: number },
  { height, width, channels }: { height: number; width: number; channels: number },
): boolean {
  return found.height === height && found.width === width && found.channels === channels;
}

/** What each byte of each channel becomes. */
function byteTables({ mean, std }: Normalisation): Float32Array[] {
  return mean.map((centre, c) => Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - centre) / std[c]!));
}

/** Writes bytes of pixels, [height, width, 3], as planes of numbers, [3, height, width]: a copy in another order. */
function writePlanes(pixels: Uint8Array, tables: readonly Float32Array[], planes: Float32Array): void {
  const area = planes.length / 3;
  tables.forEach((table, c) => {
    for (let i = 0; i < area; i++) planes[c * area + i] = table[pixels[3 * i + c]!]!;
  });
}

/** Checks what a run gave, and averages maps over space. */
function poolRows(
  file: string,
  { data, dims }: { data: Float32Array; dims: readonly number[] },
  { images, of }: { images: number; of: number },
): Float32Array {
  const [found, features = 0, ...map] = dims;
  if (found !== of || features === 0) {
    throw new RunError(
      `Cannot take features of ${file}: found [${dims.join(", ")}] for ${of} images, expected [${of}, D]`,
    );
  }
  const area = map.reduce((product, side) => product * side, 1);
  const rows = Float32Array.from({ length: images * features }, (_, i) => {
    let sum = 0;
    for (let at = i * area; at < (i + 1) * area; at++) sum += data[at]!;
    return sum / area;
  });
  if (rows.every(Number.isFinite)) return rows;
  throw new RunError(`Cannot take features of ${file}: found some that are not finite, expected numbers`);
}
