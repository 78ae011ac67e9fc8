import { DataError } from "../errors.ts";

/** A decoded picture of any size. */
export interface DecodedImage {
  /** Pixels, [height, width, channels] row-major, 0 to 255; alpha is not multiplied in. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
}

/** Largest picture that is decoded, in pixels (64 MiB of them). */
export const maximumPixels = 2 ** 26;

/** Longest side of a picture that is decoded, in pixels: the longest that JPEG knows. */
export const maximumSide = 2 ** 16 - 1;

/** Height and width in pixels, as a header announces them. */
export type AnnouncedSize = Pick<DecodedImage, "height" | "width">;

/** What a header tells of a picture. */
export interface Measured extends AnnouncedSize {
  /** How it is to be turned, as EXIF has it: 1 (or left out) not at all; sizes are those before turning. */
  readonly orientation?: number | undefined;
}

/**
 * Refuses a picture whose header announces more pixels than are sensible, before memory is set aside for them.
 *
 * @param size Height and width.
 * @param name The file, for the message.
 * @throws {DataError} If a side is zero or above {@linkcode maximumSide}, or there are more than {@linkcode maximumPixels}.
 */
export function requireModestSize({ height, width }: AnnouncedSize, name: string): void {
  const isModest = height * width > 0 && height * width <= maximumPixels && Math.max(height, width) <= maximumSide;
  if (isModest) return;
  throw new DataError(
    `Cannot read ${name}: its header announces ${height}x${width} pixels, ` +
      `expected sides of 1 to ${maximumSide} and up to ${maximumPixels} in all`,
  );
}

/** A type of picture: one row of the table of decoders. Bytes in, pixels out. */
export interface Decoder {
  /** Name of the type as a user knows it, unique in the table. */
  readonly name: string;
  /** Tells whether a file is of this type, by its first bytes. */
  recognises(bytes: Uint8Array): boolean;
  /**
   * Reads size and orientation from the header, before memory is set aside for the pixels.
   *
   * @param bytes The whole file.
   * @param name The file, for messages.
   * @returns What the header announces, however large.
   * @throws {DataError} If there is no such header.
   */
  measure(bytes: Uint8Array<ArrayBuffer>, name: string): Measured;
  /**
   * Decodes a file that may be damaged or hostile; only called when {@linkcode Decoder.measure} has found a modest size.
   *
   * @param bytes The whole file.
   * @param name The file, for messages.
   * @returns The picture as the file holds it: neither turned, resized nor converted.
   * @throws {DataError} If it is damaged, cut, or of a kind that is not supported; one line.
   */
  decode(bytes: Uint8Array<ArrayBuffer>, name: string): DecodedImage | Promise<DecodedImage>;
}

/**
 * Refuses a file.
 *
 * @param name The file.
 * @param what What was found, and what was expected or is to be done.
 * @throws {DataError} Always.
 */
export function refuse(name: string, what: string, cause?: unknown): never {
  throw new DataError(`Cannot read ${name}: ${what}`, { cause });
}

/** What is wrong with a file that ends too early. */
export const isCut = "it is cut, fetch the file again";
