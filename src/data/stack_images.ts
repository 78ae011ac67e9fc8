import type { Engine } from "../engine/mod.ts";
import type { DecodedImage } from "./decoders/decoder.ts";
import { DataError } from "./errors.ts";

/** Size and channels of the pictures that a network takes. */
export interface PictureShape {
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** 1 grey, 3 colour. */
  readonly channels: 1 | 3;
}

/**
 * Stacks pictures as a network takes them: resized (bilinear with antialiasing), colour to grey as luma, grey to colour by
 * replication.
 *
 * @param engine Resizes the pictures.
 * @param images Pictures with the file each came from.
 * @param shape What the network was trained on.
 * @returns Pixels, [count, height, width, channels] row-major.
 * @throws {DataError} If there is no picture, or one has an alpha channel; names the file.
 */
export function stackImages(
  engine: Pick<Engine, "resize">,
  images: readonly { name: string; image: DecodedImage }[],
  shape: PictureShape,
): PictureShape & { pixels: Uint8Array<ArrayBuffer>; count: number } {
  if (images.length === 0) throw new DataError("Cannot use images: found no picture, expected at least one");
  const size = shape.height * shape.width * shape.channels;
  const pixels = new Uint8Array(images.length * size);
  images.forEach(({ name, image }, place) => {
    const { channels } = image;
    if (channels === 2 || channels === 4) {
      throw new DataError(`Cannot use ${name}: it has an alpha channel, save it again without transparency`);
    }
    pixels.set(engine.resize(image.pixels, { ...image, channels }, shape), place * size);
  });
  return { ...shape, pixels, count: images.length };
}
