import { DataError, printable } from "../errors.ts";
import { avifDecoder } from "./avif.ts";
import { bmpDecoder } from "./bmp.ts";
import { type AnnouncedSize, type DecodedImage, type Decoder, requireModestSize } from "./decoder.ts";
import { gifDecoder } from "./gif.ts";
import { jpegDecoder } from "./jpeg.ts";
import { turn } from "./orientation.ts";
import { pngDecoder } from "./png.ts";
import { webpDecoder } from "./webp.ts";

/** The types of pictures, in the order in which they are asked. */
const DECODERS: Decoder[] = [pngDecoder, jpegDecoder, webpDecoder, gifDecoder, avifDecoder, bmpDecoder];

/** Those that were there from the beginning, which every thread has. */
const BUILT_IN: ReadonlySet<Decoder> = new Set(DECODERS);

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
 * @returns The picture as it is to be seen: turned as its EXIF data says, neither resized nor converted.
 * @throws {DataError} If no decoder knows the file, it announces no pixel or more than 2^26, or it is damaged.
 */
export async function decodeImage(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage> {
  const shown = printable(name);
  const decoder = findDecoder(bytes, shown);
  const { orientation, ...size } = decoder.measure(bytes, shown);
  requireModestSize(size, shown);
  const image = await decoder.decode(bytes, shown);
  // A damaged file may say one thing in its header and hold another.
  requireModestSize(image, shown);
  return turn(image, orientation);
}

/** Whether a file, or the start of one, is a picture of a type that can be read. */
export function isPicture(bytes: Uint8Array): boolean {
  return DECODERS.some((decoder) => decoder.recognises(bytes));
}

/** Whether a file is decoded by a row that was added, which other threads do not have. */
export function isRegistered(bytes: Uint8Array): boolean {
  const decoder = DECODERS.find((decoder) => decoder.recognises(bytes));
  return decoder !== undefined && !BUILT_IN.has(decoder);
}

/** Type and size of a picture. */
export interface MeasuredImage extends AnnouncedSize {
  /** Name of its decoder, as in `JPEG`. */
  readonly type: string;
}

/**
 * Tells the type and size of a picture from its header, without decoding it.
 *
 * @param bytes The whole file.
 * @param name The file, for messages.
 * @returns Height and width as the picture is to be seen.
 * @throws {DataError} If no decoder knows the file, or its header is damaged or announces no pixel or more than 2^26.
 */
export function measureImage(bytes: Uint8Array<ArrayBuffer>, name: string): MeasuredImage {
  const shown = printable(name);
  const decoder = findDecoder(bytes, shown);
  const { orientation = 1, height, width } = decoder.measure(bytes, shown);
  requireModestSize({ height, width }, shown);
  const isTransposed = orientation > 4;
  return { type: decoder.name, height: isTransposed ? width : height, width: isTransposed ? height : width };
}

function findDecoder(bytes: Uint8Array, name: string): Decoder {
  const decoder = DECODERS.find((decoder) => decoder.recognises(bytes));
  if (decoder !== undefined) return decoder;
  throw new DataError(`Cannot read ${name}: it is neither ${DECODERS.map(withArticle).join(" nor ")} file`);
}

function withArticle({ name }: Decoder): string {
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}
