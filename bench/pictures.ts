import { parseArgs } from "@std/cli/parse-args";
import makeJpegEncoder from "@jsquash/jpeg/codec/enc/mozjpeg_enc.js";
import makeWebpEncoder from "@jsquash/webp/codec/enc/webp_enc_simd.js";
import { defaultOptions as jpegOptions } from "@jsquash/jpeg/meta.js";
import { defaultOptions as webpOptions } from "@jsquash/webp/meta.js";
import { decodeImage, PicturePool } from "../src/data/mod.ts";
import { Engine, type PictureShape } from "../src/engine/mod.ts";
import { benchPixels } from "./pixels.ts";

/** What is prepared of every picture. */
const SHAPE: PictureShape = { height: 64, width: 64, channels: 3, fit: "crop" };

/** Pictures that wait for a worker of the pool, a worker. */
const WAITING = 8;

interface Kind {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Times decoders on one core and the pool on all: `deno task bench pictures [--workers N] [--seconds S]`. */
export async function benchPictures(args: string[]): Promise<void> {
  const { workers, seconds = "2" } = parseArgs(args, { string: ["workers", "seconds"] });
  const kinds = await encodeKinds();
  console.log("pictures/s".padEnd(24), ["decode", "prepare", "one core", "pool", "pool/decode"].map(cell).join(""));
  using pool = await PicturePool.start({ workers: workers === undefined ? undefined : Number(workers) });
  for (const kind of kinds) {
    const [decode, prepare] = await timeAlone(kind, Number(seconds));
    const together = 1 / (1 / decode + 1 / prepare);
    const rate = await timePool(kind, Number(seconds), pool);
    const share = rate / (decode * Math.min(pool.workers, navigator.hardwareConcurrency));
    console.log(
      kind.name.padEnd(24),
      [decode, prepare, together, rate].map(number).map(cell).join("") + cell(percent(share)),
    );
  }
}

/** Decoding alone and preparing alone, in this thread, in pictures a second. */
async function timeAlone({ name, bytes }: Kind, seconds: number): Promise<[decode: number, prepare: number]> {
  const engine = await Engine.start({ build: "single", threads: 1 });
  const image = await decodeImage(bytes, name);
  const decode = await rateOf(() => decodeImage(bytes, name), seconds);
  const prepare = await rateOf(() => Promise.resolve(engine.preparePicture(image, SHAPE)), seconds);
  engine.close();
  return [decode, prepare];
}

async function rateOf(work: () => Promise<unknown>, seconds: number): Promise<number> {
  for (let i = 0; i < 3; i++) await work();
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < 1000 * seconds; count++) await work();
  return 1000 * count / (performance.now() - start);
}

async function timePool({ name, bytes }: Kind, seconds: number, pool: PicturePool): Promise<number> {
  const prepare = () => pool.prepare(bytes, name, SHAPE);
  const lanes = Array.from({ length: WAITING * pool.workers }, () => prepare);
  await Promise.all(lanes.map((prepare) => prepare()));
  const start = performance.now();
  const counts = await Promise.all(lanes.map(async (prepare) => {
    let count = 0;
    for (; performance.now() - start < 1000 * seconds; count++) await prepare();
    return count;
  }));
  return 1000 * counts.reduce((sum, count) => sum + count, 0) / (performance.now() - start);
}

async function encodeKinds(): Promise<Kind[]> {
  const jpeg = await encoder(makeJpegEncoder, "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm");
  const webp = await encoder(makeWebpEncoder, "@jsquash/webp/codec/enc/webp_enc_simd.wasm");
  const [photo, thumbnail] = [scene(1200, 900), scene(96, 96)];
  return [
    { name: "JPEG 1200x900", bytes: jpeg.encode(photo, 1200, 900, { ...jpegOptions, progressive: false }) },
    { name: "JPEG 1200x900 progr.", bytes: jpeg.encode(photo, 1200, 900, jpegOptions) },
    { name: "WebP 96x96", bytes: webp.encode(thumbnail, 96, 96, webpOptions) },
  ];
}

interface Encoder {
  encode(pixels: Uint8Array, width: number, height: number, options: unknown): Uint8Array<ArrayBuffer>;
}

async function encoder(make: unknown, code: string): Promise<Encoder> {
  const module = await WebAssembly.compile(await Deno.readFile(new URL(import.meta.resolve(code))));
  const instance = await (make as (options: unknown) => Promise<Encoder>)({
    noInitialRun: true,
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  });
  // What it returns is part of its memory.
  return { encode: (...given) => instance.encode(...given).slice() };
}

/** Waves with a little noise: as hard to decode as a photograph. */
function scene(width: number, height: number): Uint8Array {
  const noise = benchPixels(width * height);
  return Uint8Array.from({ length: 4 * width * height }, (_, i) => {
    const [pixel, channel] = [i >> 2, i & 3];
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    if (channel === 3) return 255;
    return 128 + 90 * Math.sin((x + 30 * channel) / 17) * Math.cos(y / 23) + (noise[pixel]! - 128) / 10;
  });
}

const number = (value: number) => value.toFixed(value < 100 ? 1 : 0);
const percent = (value: number) => `${(100 * value).toFixed(0)} %`;
const cell = (text: string) => text.padStart(12);
