import { Engine, type PictureShape } from "../../engine/mod.ts";
import type { Dataset } from "../dataset.ts";
import { DataError } from "../errors.ts";
import { inOrder } from "../in_order.ts";
import type { PicturePool } from "../pictures/pool.ts";
import type { PictureBytes, PictureListing } from "../readers/reader.ts";
import { partsOf } from "./survey.ts";

/** A small picture to be looked at. */
export interface Sample {
  /** Pixels, [side, side, 3] row-major; white beside a picture that is not square. */
  readonly pixels: Uint8Array;
  /** Height and width. */
  readonly side: number;
}

/** Longest side of a small picture in pixels. */
export const SAMPLE_SIDE = 64;

const shapeOf = (side: number): PictureShape => ({ height: side, width: side, channels: 3, fit: "pad" });

/**
 * Makes small pictures of some of a listing; the others are not decoded.
 *
 * @param listing The pictures.
 * @param pool Workers that decode.
 * @param wanted Places of those wanted.
 * @returns The small pictures by place, without those that cannot be read.
 */
export async function sampleListing(
  listing: PictureListing,
  pool: Pick<PicturePool, "prepare" | "workers">,
  wanted: ReadonlySet<number>,
): Promise<Map<number, Sample>> {
  const samples = new Map<number, Sample>();
  const work = async ({ index, content }: PictureBytes) => {
    if (!wanted.has(index) || content instanceof Error) return;
    try {
      const { pixels } = await pool.prepare(content, listing.pictures[index]!.name, shapeOf(SAMPLE_SIDE));
      samples.set(index, { pixels, side: SAMPLE_SIDE });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
  };
  for await (const _ of inOrder(listing.read(), { most: 2 * pool.workers, work }));
  return samples;
}

/**
 * Makes small pictures of some of a dataset's images, not larger than they are.
 *
 * @param dataset The dataset.
 * @param wanted Places of those wanted, parts one after the other.
 * @returns The small pictures by place.
 */
export async function sampleDataset(dataset: Dataset, wanted: ReadonlySet<number>): Promise<Map<number, Sample>> {
  const { height, width, channels } = dataset;
  const side = Math.min(SAMPLE_SIDE, Math.max(height, width));
  const size = height * width * channels;
  const samples = new Map<number, Sample>();
  const engine = await Engine.start({ threads: 1 });
  try {
    let first = 0;
    for (const [, { count, pixels }] of partsOf(dataset)) {
      for (let i = 0; i < count; i++) {
        if (!wanted.has(first + i)) continue;
        const picture = { pixels: pixels.read(i * size, (i + 1) * size), height, width, channels };
        samples.set(first + i, { pixels: engine.preparePicture(picture, shapeOf(side)).pixels, side });
      }
      first += count;
    }
  } finally {
    engine.close();
  }
  return samples;
}
