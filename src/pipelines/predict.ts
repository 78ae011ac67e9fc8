import { type ImportListener, openDataset, PicturePool, prepareHere, readImages } from "../data/mod.ts";
import { type Build, Engine } from "../engine/mod.ts";
import { classify, type ClassProbability, loadState, withoutAuxiliaryHead } from "../network/mod.ts";
import { buildDerivedNetwork } from "../spaces/mod.ts";
import { type Model, openingFor, readModel } from "../zoo/mod.ts";
import { type GivenPicture, type ImageBatch, preparePictures, type UnreadImage } from "./prepare_pictures.ts";

export type { GivenPicture, UnreadImage } from "./prepare_pictures.ts";

/** What is classified by what. Either `pictures` or `data` is given. */
export interface PredictOptions {
  /** Folder of a run, or its `network.safetensors`. */
  readonly from: string;
  /** Paths of pictures, and pictures in memory; or one IDX file of images. They are taken as they are needed. */
  readonly pictures: Iterable<string | GivenPicture> | AsyncIterable<string | GivenPicture>;
  /** Dataset whose test images to classify. */
  readonly data?: string | undefined;
  /** Folder in which decoded images of datasets are kept; the default one if left out. */
  readonly cache?: string | undefined;
  /** Told while pictures of a dataset are decoded. */
  readonly listener?: ImportListener | undefined;
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

interface ImageSource {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly batches: AsyncIterable<ImageBatch> | Iterable<ImageBatch>;
}

/**
 * Classifies images with a trained network, batch by batch: memory does not grow with their number.
 *
 * @param options The network, the images; build and threads.
 * @returns For each image, in order, what the network says of it, or why it cannot be read.
 * @throws {DataError | RunError | RangeError} If something does not fit; one line. A picture that cannot be read does not end it.
 */
export async function* predict(options: PredictOptions): AsyncGenerator<Prediction | UnreadImage> {
  const model = await readModel(options.from);
  const { build, threads } = options;
  const given = options.data === undefined ? await takeFirst(options.pictures) : undefined;
  using pool = await PicturePool.start();
  // For one picture, threads would start for longer than they work.
  const engine = await Engine.start({ build, threads: threads ?? (given?.isOne ? 1 : undefined) });
  try {
    const source = await openSource(options, model, { given, pool: given?.isOne ? prepareHere(engine) : pool });
    const answer = compileAnswer(engine, model, source, options);
    for await (const batch of source.batches) yield* answer(batch);
  } finally {
    engine.close();
  }
}

/** Compiles the network for a source's images. */
function compileAnswer(
  engine: Engine,
  { space, genotype, state, classes, mean, std }: Model,
  { height, width, channels }: ImageSource,
  { batch, top }: PredictOptions,
): (batch: ImageBatch) => (Prediction | UnreadImage)[] {
  if (channels !== mean.length) {
    throw new RangeError(
      `Cannot classify images: they have ${channels} channels, expected ${mean.length} as trained on`,
    );
  }
  const network = engine.compile(buildDerivedNetwork({ space: { ...space, height, width }, genotype }), {
    batch,
    isInference: true,
  });
  loadState(network, withoutAuxiliaryHead(state));
  return ({ images, pixels }) => {
    const count = images.filter((image) => typeof image === "string").length;
    if (count === 0) return images.filter((image) => typeof image !== "string");
    const store = engine.loadImages(pixels, { count, height, width, channels });
    const ranked = classify(network, { images: store, mean, std }, { classes, top });
    store.free();
    let next = 0;
    return images.map((image) => {
      if (typeof image !== "string") return image;
      const likeliest = ranked[next++]!;
      return { image, ...likeliest[0]!, top: likeliest };
    });
  };
}

async function openSource(
  options: PredictOptions,
  model: Model,
  { given, pool }: { given: GivenPictures | undefined; pool: Pick<PicturePool, "prepare" | "workers"> },
): Promise<ImageSource> {
  const { data, batch } = options;
  const { space, mean } = model;
  const shape = {
    height: space.height,
    width: space.width,
    channels: mean.length === 1 ? 1 as const : 3 as const,
    fit: model.images.fit,
  };
  if (given === undefined) {
    const { test: { count, pixels }, height, width, channels } = await openDataset(data!, openingFor(model, options));
    const read = (first: number, end: number, size: number) => pixels.read(first * size, end * size);
    return { height, width, channels, batches: cut({ count, size: height * width * channels, batch, read }) };
  }
  if (given.idxFile !== undefined) {
    const { count, pixels, height, width, channels } = await readImages(given.idxFile);
    const read = (first: number, end: number, size: number) => pixels.subarray(first * size, end * size);
    return { height, width, channels, batches: cut({ count, size: height * width * channels, batch, read }) };
  }
  return { ...shape, batches: preparePictures(given.all, { pool, shape, batch }) };
}

/** How files of MNIST's format end: `train-images.idx`, `t10k-images-idx3-ubyte.gz`. */
const idxName = /(idx|ubyte)(\.gz)?$/;

/** Pictures that were named, and what the first of them tell. */
interface GivenPictures {
  /** All of them. */
  readonly all: AsyncGenerator<string | GivenPicture>;
  /** The only one, if it is a file of many images. */
  readonly idxFile: string | undefined;
  /** Whether it is one image. */
  readonly isOne: boolean;
}

/** Looks at the first of several without losing it. */
async function takeFirst(pictures: PredictOptions["pictures"]): Promise<GivenPictures> {
  const iterator = async function* () {
    yield* pictures;
  }();
  const seen = [await iterator.next(), await iterator.next()].flatMap(({ done, value }) => done ? [] : [value]);
  const all = async function* () {
    yield* seen;
    yield* iterator;
  };
  const only = seen.length === 1 ? seen[0] : undefined;
  const idxFile = typeof only === "string" && idxName.test(only) ? only : undefined;
  return { all: all(), idxFile, isOne: only !== undefined && idxFile === undefined };
}

/** Cuts images that are all there into batches, named by their numbers. */
function* cut(
  { count, size, batch, read }: {
    count: number;
    size: number;
    batch: number;
    read: (first: number, end: number, size: number) => Uint8Array;
  },
): Generator<ImageBatch> {
  for (let first = 0; first < count; first += batch) {
    const end = Math.min(count, first + batch);
    const images = Array.from({ length: end - first }, (_, i) => String(first + i));
    yield { images, pixels: read(first, end, size) };
  }
}
