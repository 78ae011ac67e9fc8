import type { DecodedImage } from "./decoders/decoder.ts";
import { decodeImage } from "./decoders/table.ts";
import { readBounded } from "./files.ts";

const maximumImageFileBytes = 2 ** 26;

/**
 * Reads a file of a picture, of any type that the table of decoders has; its content, not its name, tells which.
 *
 * @param path The file.
 * @returns The picture as the file holds it: neither resized nor converted.
 * @throws {DataError} If the file is absent, larger than 64 MiB, of no known type, or damaged.
 */
export async function readImageFile(path: string): Promise<DecodedImage> {
  return await decodeImage(await readBounded(path, { maximumBytes: maximumImageFileBytes }), path);
}
