import { Engine, type PictureShape } from "../../engine/mod.ts";
import type { Dataset, Split } from "../dataset.ts";
import { measureImage } from "../decoders/table.ts";
import { DataError, printable } from "../errors.ts";
import { inOrder } from "../in_order.ts";
import type { PicturePool } from "../pictures/pool.ts";
import type { PartName, PictureBytes, PictureListing } from "../readers/reader.ts";
import type { ImageIdentity } from "./duplicates.ts";
import { THUMBNAIL, Thumbnails } from "./thumbnails.ts";
import { nodeCrypto } from "../node_library.ts";

/** What is known of an image. */
export interface SurveyedImage extends ImageIdentity {
  /** Path in the folder or archive, row of a file, or number in its part. */
  readonly name: string;
  /** Type of its file, as in `JPEG`; of images that a dataset holds decoded undefined. */
  readonly type?: string | undefined;
  /** Height of the source in pixels; 0 if it cannot be read. */
  readonly height: number;
  /** Width of the source in pixels; 0 if it cannot be read. */
  readonly width: number;
  /** Whether it has no colour. */
  readonly isGrey: boolean;
  /** Why it cannot be read, in one line; undefined if it can. */
  readonly error?: string | undefined;
}

/** Everything that is known of the images of a dataset. */
export interface Survey {
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** All images, those that cannot be read among them. */
  readonly images: readonly SurveyedImage[];
  /** A thumbnail of each. */
  readonly thumbnails: Thumbnails;
}

/** Told of the images that are done. */
export type SurveyListener = (done: number, total: number) => void;

const THUMBNAIL_SHAPE: PictureShape = { ...THUMBNAIL, fit: "crop" };

/**
 * Decodes all pictures of a listing once; only thumbnails stay in memory.
 *
 * @param listing The pictures.
 * @param pool Workers that decode.
 * @param onProgress Told of the images that are done.
 * @returns What is known of them.
 * @throws {DataError} If the source as a whole is damaged.
 */
export async function surveyListing(
  listing: PictureListing,
  pool: Pick<PicturePool, "prepare" | "workers">,
  onProgress?: SurveyListener,
): Promise<Survey> {
  const { classes, pictures } = listing;
  const found = new Array<{ image: SurveyedImage; thumbnail: Uint8Array | undefined }>(pictures.length);
  let done = 0;
  const work = async (picture: PictureBytes) => {
    const { name, part, label } = pictures[picture.index]!;
    const known = { name, part, label };
    try {
      const { facts, thumbnail } = await look(picture, name, pool);
      return { index: picture.index, image: { ...known, ...facts }, thumbnail };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      return { index: picture.index, image: unreadable(known, error.message), thumbnail: undefined };
    }
  };
  for await (const { index, ...one } of inOrder(listing.read(), { most: 2 * pool.workers, work })) {
    found[index] = one;
    onProgress?.(++done, pictures.length);
  }
  const thumbnails = new Thumbnails();
  for (const { thumbnail } of found) thumbnails.add(thumbnail);
  return { classes, images: found.map(({ image }) => image), thumbnails };
}

type Facts = Pick<SurveyedImage, "digest" | "type" | "height" | "width" | "isGrey">;

async function look(
  { content }: PictureBytes,
  name: string,
  pool: Pick<PicturePool, "prepare">,
): Promise<{ facts: Facts; thumbnail: Uint8Array }> {
  if (content instanceof Error) throw content;
  const { pixels, height, width, isGrey } = await pool.prepare(content, name, THUMBNAIL_SHAPE);
  const { type } = measureImage(content, name);
  return { facts: { digest: digestOf(content), type, height, width, isGrey }, thumbnail: pixels };
}

function unreadable(known: Pick<SurveyedImage, "name" | "part" | "label">, message: string): SurveyedImage {
  return { ...known, digest: undefined, height: 0, width: 0, isGrey: false, error: printable(message) };
}

/**
 * Looks at all images of a dataset that holds them decoded.
 *
 * @param dataset The dataset.
 * @param onProgress Told of the images that are done.
 * @returns What is known of them; images are called by their numbers in their part.
 */
export async function surveyDataset(dataset: Dataset, onProgress?: SurveyListener): Promise<Survey> {
  const { classes, height, width, channels } = dataset;
  const parts = partsOf(dataset);
  const total = parts.reduce((sum, [, { count }]) => sum + count, 0);
  const [images, thumbnails] = [[] as SurveyedImage[], new Thumbnails()];
  const engine = await Engine.start({ threads: 1 });
  try {
    for (const [part, { count, pixels, labels }] of parts) {
      const size = height * width * channels;
      for (let i = 0; i < count; i++) {
        const content = pixels.read(i * size, (i + 1) * size);
        const picture = { pixels: content, height, width, channels };
        const { pixels: thumbnail, isGrey } = engine.preparePicture(picture, THUMBNAIL_SHAPE);
        thumbnails.add(thumbnail);
        const digest = digestOf(content);
        images.push({ name: `${part} image ${i}`, part, label: labels[i]!, digest, height, width, isGrey });
        if (images.length % 1000 === 0) onProgress?.(images.length, total);
      }
    }
  } finally {
    engine.close();
  }
  return { classes, images, thumbnails };
}

/** The parts that a dataset has, in the order in which a survey goes through them. */
export function partsOf(
  { train, validation, test }: Pick<Dataset, "train" | "validation" | "test">,
): [PartName, Split][] {
  const parts: [PartName, Split | undefined][] = [["train", train], ["validation", validation], ["test", test]];
  return parts.flatMap(([name, part]) => part === undefined ? [] : [[name, part]]);
}

function digestOf(bytes: Uint8Array): string {
  return nodeCrypto().createHash("sha256").update(bytes).digest("base64");
}
