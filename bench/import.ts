import encodeJpeg from "@jsquash/jpeg/encode.js";
import { cpuUsage } from "node:process";
import { parseArgs } from "@std/cli/parse-args";
import { openDataset, PicturePool, type PictureShape } from "../src/data/mod.ts";
import { pump } from "../src/data/import/pump.ts";
import { median } from "./median.ts";

const FOLDER = "runs/bench/import";
/** What is chosen for pictures of 96 pixels and more. */
const SHAPE: PictureShape = { height: 96, width: 96, channels: 3, fit: "crop" };
const AIM = "80 %";

/**
 * `import`: a folder of JPEG files to images, beside the decoders alone on the same bytes in memory, in turns.
 *
 * Options: --images N (4000), --side PIXELS of the pictures (128), --runs N (3).
 */
export async function benchImport(args: string[]): Promise<void> {
  const flags = parseArgs(args, { string: ["images", "side", "runs"] });
  const [images, side, runs] = [flags.images ?? 4000, flags.side ?? 128, flags.runs ?? 3].map(Number) as [
    number,
    number,
    number,
  ];
  const files = await writePictures(images, side);
  const times: Record<string, Time[]> = { "decoders alone": [], import: [], "import, sizes measured": [] };
  for (let run = 0; run < runs; run++) {
    times["decoders alone"]!.push(await timed(() => prepareAll(files)));
    times.import!.push(await timed(() => importAll(SHAPE.height)));
    times["import, sizes measured"]!.push(await timed(() => importAll()));
  }
  const medianOf = (name: string, kind: keyof Time) => median(times[name]!.map((time) => time[kind]));
  console.log(`${images} JPEG files of ${side}x${side} to ${SHAPE.height}x${SHAPE.width}, median of ${runs}`);
  for (const name of Object.keys(times)) {
    const [seconds, processor] = [medianOf(name, "seconds"), medianOf(name, "processor")];
    const speed = `${(images / seconds).toFixed(0)} images/s, ${
      (1000 * processor / images).toFixed(2)
    } ms of processor each`;
    const [share, processorShare] = (["seconds", "processor"] as const).map((kind) =>
      `${(100 * medianOf("decoders alone", kind) / medianOf(name, kind)).toFixed(0)} %`
    );
    const verdict = name === "decoders alone" ? "" : `: ${share}, ${processorShare} by processor (at least ${AIM})`;
    console.log(`${name.padEnd(24)} ${speed}${verdict}`);
  }
  await Deno.remove(FOLDER, { recursive: true });
}

async function writePictures(count: number, side: number): Promise<Uint8Array<ArrayBuffer>[]> {
  const different: Uint8Array<ArrayBuffer>[] = [];
  for (let seed = 0; seed < 50; seed++) different.push(new Uint8Array(await encodeJpeg(drawPicture(seed, side))));
  await Deno.remove(FOLDER, { recursive: true }).catch(() => {});
  const files = Array.from({ length: count }, (_, i) => different[i % different.length]!);
  for (const name of ["even", "odd"]) await Deno.mkdir(`${FOLDER}/photos/${name}`, { recursive: true });
  for (const [i, bytes] of files.entries()) {
    await Deno.writeFile(`${FOLDER}/photos/${i & 1 ? "odd" : "even"}/${String(i).padStart(6, "0")}.jpg`, bytes);
  }
  return files;
}

/** Smooth waves of colour with some detail: what a photograph is to an encoder. */
function drawPicture(seed: number, side: number): ImageData {
  const data = new Uint8ClampedArray(4 * side * side);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [i % side, Math.floor(i / side)];
    const wave = (a: number) =>
      128 + 80 * Math.sin((a * x + (seed % 7 + 1) * y + 11 * seed) / side * 6) + (x * y + seed) % 31;
    data.set([wave(1), wave(2), wave(3), 255], 4 * i);
  }
  return { data, width: side, height: side, colorSpace: "srgb" } as ImageData;
}

async function prepareAll(files: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
  using pool = await PicturePool.start();
  async function* each() {
    yield* files;
  }
  const work = async (bytes: Uint8Array<ArrayBuffer>) => void await pool.prepare(bytes, "picture", SHAPE);
  await pump(each(), work, { items: 4 * pool.workers, bytes: 2 ** 26, sizeOf: ({ length }) => length });
}

async function importAll(side?: number): Promise<void> {
  const cache = `${FOLDER}/cache`;
  await Deno.remove(cache, { recursive: true }).catch(() => {});
  const channels = side === undefined ? undefined : SHAPE.channels;
  await openDataset(`${FOLDER}/photos`, { cache, import: { side, channels } });
}

/** Seconds on the clock, and of all processors: a busy machine tells more by the latter. */
interface Time {
  readonly seconds: number;
  readonly processor: number;
}

async function timed(work: () => Promise<void>): Promise<Time> {
  const [startedAt, before] = [performance.now(), processorSeconds()];
  await work();
  return { seconds: (performance.now() - startedAt) / 1000, processor: processorSeconds() - before };
}

function processorSeconds(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1e6;
}
