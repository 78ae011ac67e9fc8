import { DataError } from "./errors.ts";

/** Smallest and largest height and width of an image, in pixels. */
export const imageSideBounds = { smallest: 8, largest: 256 } as const;

/** Images of one size as a file has them, or as whatever else has a length: whether they can be used is not yet known. */
export interface ImageStack<Store extends { readonly length: number } = Uint8Array<ArrayBuffer>> {
  /** Pixels, [count, height, width, channels] row-major, 0 to 255. */
  readonly pixels: Store;
  /** Number of images. */
  readonly count: number;
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** Numbers a pixel. */
  readonly channels: number;
}

/** At least one image of a size that a network can take. */
export interface Images<Store extends { readonly length: number } = Uint8Array<ArrayBuffer>> extends ImageStack<Store> {
  /** 1 for grey, 3 for colour. */
  readonly channels: 1 | 3;
}

/**
 * Checks that images are such as a network can take.
 *
 * @param stack The images.
 * @param path Where they come from, for the message.
 * @returns The same images.
 * @throws {DataError} If they are neither grey nor colour, there is none, or a side is not 8 to 256 pixels.
 * @throws {RangeError} If there are not as many pixels as the sizes say, which is a mistake of the reader.
 */
export function checkImages<Store extends { readonly length: number }>(
  { pixels, count, height, width, channels }: ImageStack<Store>,
  path: string,
): Images<Store> {
  if (channels !== 1 && channels !== 3) {
    throw new DataError(`Cannot read ${path}: found ${channels} channels, expected 1 (grey) or 3 (colour)`);
  }
  if (count === 0) throw new DataError(`Cannot read ${path}: it has zero images, expected at least one`);
  const { smallest, largest } = imageSideBounds;
  if (Math.min(height, width) < smallest || Math.max(height, width) > largest) {
    throw new DataError(
      `Cannot read ${path}: found images of ${height}x${width} pixels, expected ${smallest} to ${largest} a side`,
    );
  }
  const wanted = count * height * width * channels;
  if (pixels.length !== wanted) {
    throw new RangeError(`Cannot use images of ${path}: found ${pixels.length} values, expected ${wanted}`);
  }
  return { pixels, count, height, width, channels };
}
