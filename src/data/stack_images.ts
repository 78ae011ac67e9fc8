import type { DecodedImage } from "./decoded_image.ts";
import { DataError } from "./errors.ts";

/**
 * Stacks pictures of one size as a network takes them.
 *
 * @param images Pictures with the file each came from.
 * @param size Height and width that the network was trained on, in pixels.
 * @returns Pixels, [count, height, width, channels] row-major; `channels` is that of the pictures, 1 or 3.
 * @throws {DataError} If there is no picture, or one has another size or an alpha channel, or grey and colour are mixed; names the file.
 */
export function stackImages(
  images: readonly { name: string; image: DecodedImage }[],
  size: { height: number; width: number },
): { pixels: Uint8Array<ArrayBuffer>; count: number; height: number; width: number; channels: 1 | 3 } {
  const { height, width } = size;
  if (images.length === 0) throw new DataError("Cannot use images: found no picture, expected at least one");
  const channels = images[0]!.image.channels === 1 ? 1 : 3;
  const pixels = new Uint8Array(images.length * height * width * channels);
  images.forEach(({ name, image }, place) => {
    if (image.height !== height || image.width !== width) {
      throw new DataError(
        `Cannot use ${name}: it has ${image.height}x${image.width} pixels, expected ${height}x${width}, resize it first`,
      );
    }
    if (image.channels !== channels) {
      throw new DataError(
        image.channels % 2 === 0
          ? `Cannot use ${name}: it has an alpha channel, save it again without transparency`
          : `Cannot use ${name}: it has ${image.channels} channels, expected ${channels} as ${images[0]!.name}`,
      );
    }
    pixels.set(image.pixels, place * height * width * channels);
  });
  return { pixels, count: images.length, height, width, channels };
}
