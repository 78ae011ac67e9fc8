import { encode } from "fast-png";
import type { PartName, PictureListing } from "../../../src/data/readers/reader.ts";

/** A PNG file of a gradient that no other seed has. */
export function picture(
  seed: number,
  { height = 40, width = 50, channels = 3 as 1 | 3 } = {},
): Uint8Array<ArrayBuffer> {
  const data = Uint8Array.from({ length: height * width * channels }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / channels), i % channels];
    return (pixel % width * 3 + Math.floor(pixel / width) * 2 + 37 * seed + 60 * channel) % 256;
  });
  return Uint8Array.from(encode({ width, height, data, channels, depth: 8 }));
}

/** A picture whose end is missing. */
export function cutPicture(seed: number): Uint8Array<ArrayBuffer> {
  return picture(seed).subarray(0, 100);
}

/** A picture of a listing that is made up. */
export interface MadePicture {
  readonly part?: PartName;
  readonly label: number;
  readonly content: Uint8Array<ArrayBuffer> | Error;
}

/** A listing of pictures in memory, read from the last to the first; tells how often it was read. */
export function listPictures(pictures: readonly MadePicture[]): PictureListing & { reads: number } {
  const listing = {
    reads: 0,
    classes: ["cat", "dog"],
    pictures: pictures.map(({ part = "train" as const, label }, i) => ({ name: `${i}.png`, part, label })),
    async *read() {
      listing.reads++;
      for (let index = pictures.length - 1; index >= 0; index--) {
        yield await Promise.resolve({ index, content: pictures[index]!.content });
      }
    },
    info: {},
    infoOrigin: "made up",
  };
  return listing;
}

/** Writes a folder of class folders: ten pictures of cats and ten of dogs, numbered. */
export function writePhotos(folder: string, make: (seed: number) => Uint8Array = picture): void {
  for (const [label, name] of ["cat", "dog"].entries()) {
    Deno.mkdirSync(`${folder}/${name}`, { recursive: true });
    for (let i = 0; i < 10; i++) Deno.writeFileSync(`${folder}/${name}/${i}.png`, make(10 * label + i));
  }
}
