import { encode } from "fast-png";
import type { Dataset } from "./dataset.ts";

/** What {@linkcode renderContactSheet} shows. */
export interface ContactSheetOptions {
  /** Which part to show; default the training images. */
  part?: "train" | "test";
  /** Images of each class; default 10. */
  perClass?: number;
}

const gapPixels = 2;
const gapValue = 128;

/**
 * Draws the first images of each class side by side: a row for each class, in the order of the labels.
 *
 * @param dataset The dataset.
 * @param options Part and number of images; a class that has fewer leaves its row shorter.
 * @returns A PNG file, the images in their own size, grey or colour as the dataset is.
 * @throws {RangeError} If `perClass` is no integer from 1 to 100.
 */
export function renderContactSheet(
  dataset: Dataset,
  { part = "train", perClass = 10 }: ContactSheetOptions = {},
): Uint8Array {
  if (!Number.isInteger(perClass) || perClass < 1 || perClass > 100) {
    throw new RangeError(`Cannot draw contact sheet: perClass is ${perClass}, expected an integer from 1 to 100`);
  }
  const { height, width, channels, classes } = dataset;
  const { pixels, labels } = dataset[part];
  const sheetWidth = gapPixels + perClass * (width + gapPixels);
  const sheetHeight = gapPixels + classes.length * (height + gapPixels);
  const sheet = new Uint8Array(sheetHeight * sheetWidth * channels).fill(gapValue);
  const shown = classes.map(() => 0);
  labels.forEach((label, image) => {
    const column = shown[label]!;
    if (column === perClass) return;
    shown[label]!++;
    const top = gapPixels + label * (height + gapPixels);
    const left = gapPixels + column * (width + gapPixels);
    const size = height * width * channels;
    const picture = pixels.read(image * size, (image + 1) * size);
    for (let row = 0; row < height; row++) {
      const from = row * width * channels;
      sheet.set(picture.subarray(from, from + width * channels), ((top + row) * sheetWidth + left) * channels);
    }
  });
  return encode({ width: sheetWidth, height: sheetHeight, data: sheet, channels, depth: 8 });
}
