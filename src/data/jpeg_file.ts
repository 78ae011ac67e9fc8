import { decode } from "jpeg-js";
import { DataError, explainFailure } from "./errors.ts";
import { type DecodedImage, maximumPixels, requireModestSize } from "./decoded_image.ts";

/** Memory that the decoder may use, in MiB. */
const maximumMemoryMiB = 1024;

/** Tells whether bytes start like a JPEG file. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/**
 * Decodes a JPEG file, baseline or progressive.
 *
 * @param bytes The whole file.
 * @param name The file, for messages.
 * @returns The image in red, green and blue, also when the file is grey.
 * @throws {DataError} If the file is damaged, cut, or too large.
 */
export function decodeJpeg(bytes: Uint8Array<ArrayBuffer>, name: string): DecodedImage {
  // The decoder fills what is missing with grey instead of failing, so a cut file is told by its missing end marker.
  if (!hasEndMarker(bytes)) throw new DataError(`Cannot read ${name}: it is cut, fetch the file again`);
  try {
    const { data, height, width } = decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: maximumPixels / 1e6,
      maxMemoryUsageInMB: maximumMemoryMiB,
    });
    requireModestSize(height, width, name);
    return { pixels: Uint8Array.from(data), height, width, channels: 3 };
  } catch (error) {
    throw explainFailure("read", name, error);
  }
}

function hasEndMarker(bytes: Uint8Array): boolean {
  for (let place = bytes.lastIndexOf(0xd9); place > 2; place = bytes.lastIndexOf(0xd9, place - 1)) {
    if (bytes[place - 1] === 0xff) return true;
  }
  return false;
}
