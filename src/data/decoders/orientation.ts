import type { DecodedImage } from "./decoder.ts";

/**
 * Turns a picture as EXIF's orientation says.
 *
 * @param image The picture as it is stored.
 * @param orientation 1 to 8, as EXIF numbers them: 2 to 4 mirrored, half turned, upside down; 5 to 8 with rows and columns
 *   exchanged.
 * @returns The picture as it is to be seen; `image` itself if nothing is to be done.
 */
export function turn(image: DecodedImage, orientation = 1): DecodedImage {
  if (orientation < 2 || orientation > 8) return image;
  const { height, width, channels, pixels } = image;
  // Where the first pixel comes from, and the steps between columns and between rows, in pixels of the source.
  const isTransposed = orientation > 4;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const start = (fromRight ? width - 1 : 0) + (fromBottom ? (height - 1) * width : 0);
  const [alongRow, downColumn] = [fromRight ? -1 : 1, fromBottom ? -width : width];
  const [acrossStep, downStep] = isTransposed ? [downColumn, alongRow] : [alongRow, downColumn];
  const size = isTransposed ? { height: width, width: height } : { height, width };
  const turned = copyPixels({ pixels, channels, start, acrossStep, downStep, ...size });
  return { pixels: turned, channels, ...size };
}

interface CopyOptions extends DecodedImage {
  readonly start: number;
  readonly acrossStep: number;
  readonly downStep: number;
}

function copyPixels({ pixels, channels, height, width, start, acrossStep, downStep }: CopyOptions) {
  const turned = new Uint8Array(pixels.length);
  // Pixels of four bytes are copied as one number.
  const isWhole = channels === 4 && pixels.byteOffset % 4 === 0;
  const [from, to] = isWhole ? [words(pixels), words(turned)] : [pixels, turned];
  const size = isWhole ? 1 : channels;
  for (let y = 0, place = 0; y < height; y++) {
    for (let x = 0, source = start + y * downStep; x < width; x++, source += acrossStep) {
      for (let c = 0; c < size; c++) to[place++] = from[source * size + c]!;
    }
  }
  return turned;
}

function words({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length / 4);
}
