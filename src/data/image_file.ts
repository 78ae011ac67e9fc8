import { readBounded } from "./bounded_bytes.ts";
import type { DecodedImage } from "./decoded_image.ts";
import { DataError } from "./errors.ts";
import { decodeJpeg, isJpeg } from "./jpeg_file.ts";
import { decodePng, isPng } from "./png_file.ts";

const maximumImageFileBytes = 2 ** 26;

/**
 * Reads a PNG or JPEG file; its content, not its name, tells which.
 *
 * @param path The file.
 * @returns The picture as the file holds it: neither resized nor converted.
 * @throws {DataError} If the file is absent, larger than 64 MiB, neither PNG nor JPEG, or damaged.
 */
export async function readImageFile(path: string): Promise<DecodedImage> {
  const bytes = await readBounded(path, { maximumBytes: maximumImageFileBytes });
  if (isPng(bytes)) return await decodePng(bytes, path);
  if (isJpeg(bytes)) return decodeJpeg(bytes, path);
  throw new DataError(`Cannot read ${path}: it is neither a PNG nor a JPEG file`);
}
