import type { DecodedPicture, Engine, PictureShape } from "../engine/mod.ts";

/** A picture in memory: `ImageData` of a page is one. */
export interface Pixels {
  /** Bytes, [height, width, 4] row-major: red, green, blue, alpha from 0 to 255, not premultiplied. */
  readonly data: Uint8Array | Uint8ClampedArray;
  /** Width in pixels, up to 65,535. */
  readonly width: number;
  /** Height in pixels, up to 65,535. */
  readonly height: number;
}

/** A picture: its pixels, or an encoded file (PNG, JPEG …) where there is a {@linkcode Decoder} for it. */
export type Picture = Pixels | Uint8Array | ArrayBuffer | Blob;

/** Turns an encoded picture into pixels. */
export type Decoder = (bytes: Uint8Array<ArrayBuffer>) => Pixels | Promise<Pixels>;

/**
 * Prepares pictures as the command line does: alpha on white, cropped or padded, resized by Lanczos' filter, grey as luma.
 *
 * @param pictures The pictures.
 * @param options The engine prepares; what the network takes; decodes encoded pictures.
 * @returns Bytes, [pictures, height, width, channels] row-major.
 * @throws {TypeError | RangeError} If one is encoded and there is no decoder, or its sizes are not those of its bytes.
 */
export async function preparePictures(
  pictures: readonly Picture[],
  { engine, shape, decode }: { engine: Engine; shape: PictureShape; decode: Decoder | undefined },
): Promise<Uint8Array<ArrayBuffer>> {
  const size = shape.height * shape.width * shape.channels;
  const prepared = new Uint8Array(pictures.length * size);
  for (const [i, picture] of pictures.entries()) {
    prepared.set(engine.preparePicture(await decodePicture(picture, decode), shape).pixels, i * size);
  }
  return prepared;
}

/**
 * Makes of a picture what the kernels prepare.
 *
 * @param picture The picture.
 * @param decode Decodes encoded ones; the page's own decoder if left out.
 * @returns Its pixels, with alpha; those that were given are not copied.
 * @throws {TypeError} If it is encoded and there is no decoder.
 * @throws {RangeError} If it has not as many bytes as its sizes say.
 */
export async function decodePicture(picture: Picture, decode: Decoder | undefined): Promise<DecodedPicture> {
  const { data, width, height } = isPixels(picture) ? picture : await (decode ?? pageDecoder())(await bytesOf(picture));
  if (!isSide(width) || !isSide(height) || data.length !== 4 * width * height) {
    throw new RangeError(
      `Cannot read a picture: found ${data.length} bytes for ${width}x${height} pixels, expected four a pixel`,
    );
  }
  return { pixels: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels: 4 };
}

function isPixels(picture: Picture): picture is Pixels {
  return "data" in picture;
}

function isSide(side: number): boolean {
  return Number.isInteger(side) && side > 0;
}

async function bytesOf(picture: Exclude<Picture, Pixels>): Promise<Uint8Array<ArrayBuffer>> {
  return picture instanceof Blob ? new Uint8Array(await picture.arrayBuffer()) : new Uint8Array(picture);
}

/** What decoding takes of a page. */
interface Page {
  readonly createImageBitmap?: (blob: Blob, options: object) => Promise<Bitmap>;
  readonly OffscreenCanvas?: new (width: number, height: number) => { getContext(kind: "2d"): Context | null };
}

interface Bitmap {
  readonly width: number;
  readonly height: number;
  close(): void;
}

interface Context {
  drawImage(bitmap: Bitmap, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): Pixels;
}

/** The decoder that every page and every worker of a page has. */
function pageDecoder(): Decoder {
  const { createImageBitmap, OffscreenCanvas } = globalThis as Page;
  // Deno has both, but nothing that reads a bitmap's pixels.
  if (createImageBitmap === undefined || !OffscreenCanvas || !new OffscreenCanvas(1, 1).getContext("2d")) {
    throw new TypeError(
      "Cannot read an encoded picture: this runtime has no decoder, expected pixels or the option decode",
    );
  }
  return async (bytes) => {
    // Colours as the file has them, as on the command line.
    const options = { premultiplyAlpha: "none", colorSpaceConversion: "none" };
    const bitmap = await createImageBitmap(new Blob([bytes]), options);
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    return context.getImageData(0, 0, width, height);
  };
}
