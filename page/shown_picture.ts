import type { Picture, Pixels } from "../src/embed/mod.ts";

/** A picture of the page: what the network gets, and what is shown of it. */
export interface ShownPicture {
  /** What the network gets. */
  readonly picture: Picture;
  /** What a reader hears of it: the file's name, or where it came from. */
  readonly name: string;
  /** What it looks like, small. It is an element: it can stand in one place. */
  readonly thumbnail: HTMLCanvasElement;
}

const SIDE = 96;

/**
 * Takes a picture from a file. The network decodes it anew, by itself: this decides whether it is a picture at all.
 *
 * @param file The file.
 * @returns The picture.
 * @throws {Error} If this browser cannot decode it; one line that names it.
 */
export async function openPicture(file: File): Promise<ShownPicture> {
  const bitmap = await createImageBitmap(file).catch((cause) => {
    throw new Error(`${file.name}: found no picture that this browser can decode, expected PNG, JPEG or the like`, {
      cause,
    });
  });
  const thumbnail = shrink(bitmap, bitmap.width, bitmap.height);
  bitmap.close();
  return { picture: file, name: file.name, thumbnail };
}

/**
 * Takes a picture from a canvas.
 *
 * @param canvas The canvas.
 * @param name What a reader hears of it.
 * @returns The picture; the canvas may be changed afterwards.
 */
export function copyPicture(canvas: HTMLCanvasElement, name: string): ShownPicture {
  const { width, height } = canvas;
  const { data }: Pixels = canvas.getContext("2d")!.getImageData(0, 0, width, height);
  return { picture: { data, width, height }, name, thumbnail: shrink(canvas, width, height) };
}

/** A small copy, cropped to a square as networks crop. */
function shrink(source: CanvasImageSource, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d")!;
  const side = Math.min(width, height);
  context.imageSmoothingEnabled = side > SIDE;
  context.drawImage(source, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  return canvas;
}
