import { DataError } from "./errors.ts";

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

/**
 * Refuses a picture whose header announces more pixels than are sensible, before memory is set aside for them.
 *
 * @param height Height in pixels.
 * @param width Width in pixels.
 * @param name The file, for the message.
 * @throws {DataError} If a side is zero or there are more than {@linkcode maximumPixels}.
 */
export function requireModestSize(height: number, width: number, name: string): void {
  if (height * width > 0 && height * width <= maximumPixels) return;
  throw new DataError(
    `Cannot read ${name}: its header announces ${height}x${width} pixels, expected 1 to ${maximumPixels} in all`,
  );
}
