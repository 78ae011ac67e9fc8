import {
  concatenate,
  DataError,
  inOrder,
  type PicturePool,
  type PictureShape,
  type PreparedPicture,
  readPlain,
} from "../data/mod.ts";

/** A picture that is in memory. */
export interface GivenPicture {
  /** What it is called in answers. */
  readonly name: string;
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A picture that cannot be classified. */
export interface UnreadImage {
  /** File. */
  readonly image: string;
  /** Why, in one line that names it. */
  readonly error: string;
}

/** Images of one size that go through the network together, and pictures between them that cannot be read. */
export interface ImageBatch {
  /** Names of the images, or what is wrong with those that cannot be read, in order. */
  readonly images: readonly (string | UnreadImage)[];
  /** Pixels of those that can be read, [images, height, width, channels] row-major. */
  readonly pixels: Uint8Array;
}

/** What {@linkcode preparePictures} works with. */
export interface PrepareOptions {
  /** Workers that decode. */
  readonly pool: Pick<PicturePool, "prepare" | "workers">;
  /** What the network takes. */
  readonly shape: PictureShape;
  /** Pictures a batch. */
  readonly batch: number;
}

/** Pictures that a worker has at hand, so that it need not wait for the disk; each holds one encoded file. */
const picturesAWorker = 2;

/**
 * Reads and prepares pictures as a network takes them, batch by batch in their order. As many are held at a time as keep the workers
 * busy, and one batch of prepared ones.
 *
 * @param pictures Paths, or pictures in memory.
 * @param options The workers, shape and batch.
 * @returns Batches; of what cannot be read, why.
 * @throws What is no fault of a picture.
 */
export async function* preparePictures(
  pictures: AsyncIterable<string | GivenPicture>,
  { pool, shape, batch }: PrepareOptions,
): AsyncGenerator<ImageBatch> {
  const work = (picture: string | GivenPicture) => prepare(picture, pool, shape);
  let images: (string | UnreadImage)[] = [];
  let pixels: Uint8Array[] = [];
  for await (const { image, prepared } of inOrder(pictures, { most: picturesAWorker * pool.workers, work })) {
    images.push(image);
    if (prepared !== undefined) pixels.push(prepared.pixels);
    if (images.length < batch) continue;
    yield { images, pixels: concatenate(pixels) };
    [images, pixels] = [[], []];
  }
  if (images.length > 0) yield { images, pixels: concatenate(pixels) };
}

async function prepare(
  picture: string | GivenPicture,
  pool: PrepareOptions["pool"],
  shape: PictureShape,
): Promise<{ image: string | UnreadImage; prepared?: PreparedPicture }> {
  const name = typeof picture === "string" ? picture : picture.name;
  try {
    const bytes = typeof picture === "string" ? await readPlain(picture) : picture.bytes;
    return { image: name, prepared: await pool.prepare(bytes, name, shape) };
  } catch (error) {
    if (error instanceof DataError) return { image: { image: name, error: error.message } };
    throw error;
  }
}
