import type { Engine, PictureShape } from "../../engine/mod.ts";
import type { DecodedImage } from "../decoders/decoder.ts";
import { decodeImage } from "../decoders/table.ts";
import { explainFailure } from "../errors.ts";
import type { PreparedPicture } from "./job.ts";

/**
 * Decodes a picture on this thread.
 *
 * @param bytes The encoded file.
 * @param name The file, for messages.
 * @throws {DataError} If it cannot be decoded; one line that names it.
 */
export async function decodePicture(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage> {
  try {
    return await decodeImage(bytes, name);
  } catch (error) {
    // Whatever a library throws at a file, memory that does not suffice included, is this file's trouble.
    throw explainFailure("read", name, error);
  }
}

/**
 * Prepares a decoded picture on this thread.
 *
 * @param kernels An engine of any build: all give the same bytes.
 * @param image The picture.
 * @param shape Size and channels wanted, and what becomes of another aspect.
 */
export function prepareImage(
  kernels: Pick<Engine, "preparePicture">,
  image: DecodedImage,
  shape: PictureShape,
): PreparedPicture {
  const { pixels, isGrey } = kernels.preparePicture(image, shape);
  return { pixels, isGrey, height: image.height, width: image.width };
}

/** What prepares pictures on this thread, as a pool does. */
export interface OwnThread {
  /** Threads that work. */
  readonly workers: 1;
  /** As of a pool. */
  prepare(bytes: Uint8Array<ArrayBuffer>, name: string, shape: PictureShape): Promise<PreparedPicture>;
}

/**
 * Does what a pool does, on this thread and without its bound on time: for a single picture, where a worker starts for longer than it works.
 *
 * @param kernels An engine of any build.
 */
export function prepareHere(kernels: Pick<Engine, "preparePicture">): OwnThread {
  return {
    workers: 1,
    prepare: async (bytes, name, shape) => prepareImage(kernels, await decodePicture(bytes, name), shape),
  };
}
