import type { PictureShape } from "../../engine/mod.ts";
import { DataError } from "../errors.ts";
import { measureImage } from "../decoders/table.ts";
import type { PictureListing } from "../readers/reader.ts";
import { chooseSide } from "./image_side.ts";
import type { ImportListener } from "./listener.ts";
import type { CompleteImport } from "./settings.ts";

/** The shape that pictures get, and how it came about. */
export interface ChosenShape extends PictureShape {
  /** Whether the images become grey if no picture has a colour. */
  readonly detectsGrey: boolean;
  /** Median of the shorter sides, where it decided. */
  readonly median?: number | undefined;
}

/** What decides. */
export interface ShapeOptions extends ImportListener {
  /** The dataset, for messages. */
  readonly path: string;
  /** What is asked for. */
  readonly settings: CompleteImport;
  /** Size of a network that is to see the pictures, which what is not asked for follows. */
  readonly like?: Omit<PictureShape, "fit"> | undefined;
}

/**
 * Finds the shape for the pictures of a listing: what is asked for, or what the sizes in their headers suggest.
 *
 * @param listing The pictures; their bytes are read where their sizes are needed.
 * @param options Settings, and who listens.
 * @returns The shape.
 * @throws {DataError} If the source is damaged.
 */
export async function chooseShape(
  listing: PictureListing,
  { path, settings: { side, channels, fit }, like, ...listener }: ShapeOptions,
): Promise<ChosenShape> {
  const wanted = channels ?? like?.channels;
  const rest = { fit, channels: wanted ?? 3, detectsGrey: wanted === undefined };
  if (side !== undefined) return { ...rest, height: side, width: side };
  if (like !== undefined) return { ...rest, height: like.height, width: like.width };
  const chosen = chooseSide(await measureAll(listing, path, listener));
  return { ...rest, height: chosen.side, width: chosen.side, median: chosen.median };
}

/** Shorter sides of all pictures that have a header; what is wrong with the others is found when they are decoded. */
async function measureAll(listing: PictureListing, path: string, { onProgress }: ImportListener): Promise<number[]> {
  const sides: number[] = [];
  const { pictures } = listing;
  const total = pictures.length;
  let done = 0;
  for await (const { index, content } of listing.read()) {
    onProgress?.({ name: path, phase: "measure", done: ++done, total });
    if (content instanceof Error) continue;
    try {
      const { height, width } = measureImage(content, pictures[index]!.name);
      sides.push(Math.min(height, width));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
  }
  return sides;
}
