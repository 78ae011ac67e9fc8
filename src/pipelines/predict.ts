import { openDataset, PicturePool, type PictureShape, readBounded, readImages } from "../data/mod.ts";
import { type Build, Engine } from "../engine/mod.ts";
import { classify, type ClassProbability, loadState } from "../network/mod.ts";
import { buildDerivedNetwork } from "../spaces/mod.ts";
import { withoutAuxiliaryHead } from "../stages/mod.ts";
import { type Model, readModel } from "../zoo/mod.ts";

/** What is classified by what. Either `files` or `data` is given. */
export interface PredictOptions {
  /** Folder of a run, or its `network.safetensors`. */
  readonly from: string;
  /** One IDX file of images, or PNG and JPEG files. */
  readonly files: readonly string[];
  /** Dataset whose test images to classify. */
  readonly data?: string | undefined;
  /** Classes to name for each image, the likeliest first. */
  readonly top: number;
  /** Images a batch. */
  readonly batch: number;
  /** Build of the kernels. */
  readonly build?: Build | undefined;
  /** Threads. */
  readonly threads?: number | undefined;
}

/** What a network says of an image. */
export interface Prediction extends ClassProbability {
  /** File, or number of the image in its file. */
  readonly image: string;
  /** The likeliest classes, this one first. */
  readonly top: readonly ClassProbability[];
}

interface Images {
  readonly names: readonly string[];
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Classifies images with a trained network.
 *
 * @param options The network, the images; build and threads.
 * @returns One prediction an image.
 * @throws {DataError | RunError | RangeError} If something does not fit; one line.
 */
export async function predict(options: PredictOptions): Promise<Prediction[]> {
  const model = await readModel(options.from);
  const { build, threads, batch, top } = options;
  const engine = await Engine.start({ build, threads });
  try {
    const images = await readAll(options, model);
    if (images.channels !== model.mean.length) {
      throw new RangeError(
        `Cannot classify images: they have ${images.channels} channels, expected ${model.mean.length} as trained on`,
      );
    }
    const { names, pixels, height, width, channels } = images;
    const { genotype, classes, mean, std } = model;
    const store = engine.loadImages(pixels, { count: names.length, height, width, channels });
    const network = engine.compile(buildDerivedNetwork({ space: { ...model.space, height, width }, genotype }), {
      batch,
      isInference: true,
    });
    loadState(network, withoutAuxiliaryHead(model.state));
    const ranked = classify(network, { images: store, mean, std }, { classes, top });
    return ranked.map((likeliest, i) => ({ image: names[i]!, ...likeliest[0]!, top: likeliest }));
  } finally {
    engine.close();
  }
}

async function readAll({ files, data }: PredictOptions, { space, mean }: Model): Promise<Images> {
  if (data !== undefined) {
    const { test, height, width, channels } = await openDataset(data);
    return { names: numbered(test.count), pixels: test.pixels.read(0, test.pixels.length), height, width, channels };
  }
  const [first] = files;
  if (first === undefined) throw new RangeError("Cannot classify images: found none, expected files or a dataset");
  if (files.length === 1 && /idx|ubyte/.test(first)) {
    const { count, pixels, height, width, channels } = await readImages(first);
    return { names: numbered(count), pixels, height, width, channels };
  }
  return { names: files, ...await prepareAll(files, { ...space, channels: mean.length === 1 ? 1 : 3, fit: "crop" }) };
}

const maximumPictureBytes = 2 ** 26;

async function prepareAll(files: readonly string[], { height, width, channels, fit }: PictureShape) {
  using pool = await PicturePool.start();
  const pixels = new Uint8Array(files.length * height * width * channels);
  await Promise.all(files.map(async (name, place) => {
    const bytes = await readBounded(name, { maximumBytes: maximumPictureBytes });
    const prepared = await pool.prepare(bytes, name, { height, width, channels, fit });
    pixels.set(prepared.pixels, place * height * width * channels);
  }));
  return { pixels, height, width, channels };
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}
