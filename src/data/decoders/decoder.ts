import { DataError } from "../errors.ts";

/** A decoded picture of any size. */
export interface DecodedImage {
  /** Pixels, [height, width, channels] row-major, 0 to 255. */
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

/** Height and width in pixels, as a header announces them. */
export type AnnouncedSize = Pick<DecodedImage, "height" | "width">;

/**
 * Refuses a picture whose header announces more pixels than are sensible, before memory is set aside for them.
 *
 * @param size Height and width.
 * @param name The file, for the message.
 * @throws {DataError} If a side is zero or there are more than {@linkcode maximumPixels}.
 */
export function requireModestSize({ height, width }: AnnouncedSize, name: string): void {
  if (height * width > 0 && height * width <= maximumPixels) return;
  throw new DataError(
    `Cannot read ${name}: its header announces ${height}x${width} pixels, expected 1 to ${maximumPixels} in all`,
  );
}

/** A type of picture: one row of the table of decoders. Pure: bytes in, pixels out. */
export interface Decoder {
  /** Name of the type as a user knows it, unique in the table. */
  readonly name: string;
  /** Tells whether a file is of this type, by its first bytes. */
  recognises(bytes: Uint8Array): boolean;
  /**
   * Reads the size from the header, before memory is set aside for the pixels.
   *
   * @param bytes The whole file.
   * @param name The file, for messages.
   * @returns What the header announces, however large.
   * @throws {DataError} If there is no such header.
   */
  measure(bytes: Uint8Array<ArrayBuffer>, name: string): AnnouncedSize;
  /**
   * Decodes a file that may be damaged or hostile; only called when {@linkcode Decoder.measure} has found a modest size.
   *
   * @param bytes The whole file.
   * @param name The file, for messages.
   * @returns The picture as the file holds it: neither resized nor converted.
   * @throws {DataError} If it is damaged, cut, or of a kind that is not supported; one line.
   */
  decode(bytes: Uint8Array<ArrayBuffer>, name: string): DecodedImage | Promise<DecodedImage>;
}
