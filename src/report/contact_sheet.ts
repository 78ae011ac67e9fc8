import { encode } from "fast-png";

/** A square picture on a sheet. */
export interface SheetPicture {
  /** Pixels, [side, side, 3] row-major, 0 to 255. */
  readonly pixels: Uint8Array;
  /** Height and width; the same for all pictures of a sheet. */
  readonly side: number;
}

const gapPixels = 2;
const gapValue = 128;
const channels = 3;

/**
 * Draws pictures side by side, row by row.
 *
 * @param rows The pictures; a shorter row ends earlier.
 * @returns A PNG file, the pictures in their own size with a line of grey between them.
 * @throws {RangeError} If there is no picture, or they differ in size.
 */
export function renderContactSheet(rows: readonly (readonly SheetPicture[])[]): Uint8Array {
  const side = rows.flat()[0]?.side;
  if (side === undefined) throw new RangeError("Cannot draw contact sheet: found no picture, expected at least one");
  const step = side + gapPixels;
  const width = gapPixels + Math.max(...rows.map((row) => row.length)) * step;
  const height = gapPixels + rows.length * step;
  const sheet = new Uint8Array(height * width * channels).fill(gapValue);
  rows.forEach((row, y) =>
    row.forEach((picture, x) => {
      if (picture.side !== side) {
        throw new RangeError(
          `Cannot draw contact sheet: found sides of ${picture.side} and ${side}, expected one size`,
        );
      }
      for (let line = 0; line < side; line++) {
        const pixels = picture.pixels.subarray(line * side * channels, (line + 1) * side * channels);
        sheet.set(pixels, ((gapPixels + y * step + line) * width + gapPixels + x * step) * channels);
      }
    })
  );
  return encode({ width, height, data: sheet, channels, depth: 8 });
}
