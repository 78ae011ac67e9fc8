import { DataError } from "../errors.ts";
import { type DecodedImage, type Decoder, requireModestSize } from "./decoder.ts";
import { jpegDecoder } from "./jpeg.ts";
import { pngDecoder } from "./png.ts";

/** The types of pictures, in the order in which they are asked. */
const DECODERS: Decoder[] = [pngDecoder, jpegDecoder];

/**
 * Adds a type of picture to those that can be read. It is asked after those that are there already.
 *
 * @param decoder The row.
 * @throws {RangeError} If there is one of this name.
 */
export function registerDecoder(decoder: Decoder): void {
  if (DECODERS.some(({ name }) => name === decoder.name)) {
    throw new RangeError(`Cannot register decoder ${JSON.stringify(decoder.name)}: there is one of this name already`);
  }
  DECODERS.push(decoder);
}

/**
 * Decodes a picture; its content, not its name, tells what it is.
 *
 * @param bytes The whole file.
 * @param name The file, for messages.
 * @returns The picture as the file holds it: neither resized nor converted.
 * @throws {DataError} If no decoder knows the file, it announces no pixel or more than 2^26, or it is damaged.
 */
export async function decodeImage(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage> {
  const decoder = DECODERS.find((decoder) => decoder.recognises(bytes));
  if (decoder === undefined) {
    throw new DataError(`Cannot read ${name}: it is neither ${DECODERS.map(withArticle).join(" nor ")} file`);
  }
  requireModestSize(decoder.measure(bytes, name), name);
  const image = await decoder.decode(bytes, name);
  // A damaged file may say one thing in its header and hold another.
  requireModestSize(image, name);
  return image;
}

function withArticle({ name }: Decoder): string {
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}
