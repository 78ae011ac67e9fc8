import { DataError } from "./errors.ts";
import { readIdx } from "./idx.ts";

/** Smallest and largest height and width of an image, in pixels. */
export const imageSideBounds = { smallest: 8, largest: 256 } as const;

/** Images of one size, without labels. */
export interface Images {
  /** Pixels, [count, height, width, channels] row-major, 0 to 255. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Number of images, at least 1. */
  readonly count: number;
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** 1 for grey, 3 for colour. */
  readonly channels: 1 | 3;
  /** The whole IDX file, unpacked; `pixels` is a part of it. */
  readonly file: Uint8Array<ArrayBuffer>;
}

/**
 * Reads an IDX file of images: N x H x W (grey), or N x H x W x 3 (colour; a last size of 1 is grey).
 *
 * @param path The file, plain or gzip-compressed.
 * @returns The images.
 * @throws {DataError} If it cannot be read, or is no stack of at least one image of 8 to 256 pixels a side.
 */
export async function readImages(path: string): Promise<Images> {
  const { shape, data, file } = await readIdx(path);
  const [count, height, width, channels = 1] = shape;
  if (shape.length < 3) {
    throw new DataError(`Cannot read ${path}: found ${shape.length} dimensions, expected 3 or 4 of a stack of images`);
  }
  if (channels !== 1 && channels !== 3) {
    throw new DataError(`Cannot read ${path}: found ${channels} channels, expected 1 (grey) or 3 (colour)`);
  }
  if (count === 0) throw new DataError(`Cannot read ${path}: it has zero images, expected at least one`);
  const { smallest, largest } = imageSideBounds;
  if (Math.min(height!, width!) < smallest || Math.max(height!, width!) > largest) {
    throw new DataError(
      `Cannot read ${path}: found images of ${height}x${width} pixels, expected ${smallest} to ${largest} a side`,
    );
  }
  return { pixels: data, count: count!, height: height!, width: width!, channels, file };
}
