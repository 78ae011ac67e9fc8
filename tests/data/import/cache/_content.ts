import { crc32 } from "node:zlib";
import { pixelsInMemory } from "../../../../src/data/mod.ts";
import { CONTENT_FILES, type StoredImages, writeContent } from "../../../../src/data/import/cache/content.ts";

/** Images of 8x8 grey pixels, image i of them i; labels 0, 1, 0 … */
export function someImages(train = 6, test = 3): StoredImages {
  const part = (name: "train" | "test", first: number, count: number) => ({
    name,
    count,
    labels: Uint8Array.from({ length: count }, (_, i) => i & 1),
    pixels: pixelsInMemory(Uint8Array.from({ length: 64 * count }, (_, i) => first + (i >> 6))),
  });
  return { height: 8, width: 8, channels: 1, parts: [part("train", 0, train), part("test", train, test)] };
}

/** Writes a content into a folder, pixels and all. */
export function writeImages(folder: string, images: StoredImages): void {
  const bytes = images.parts.flatMap(({ pixels }) => [...pixels.read(0, pixels.length)]);
  const pixels = Uint8Array.from(bytes);
  Deno.writeFileSync(`${folder}/${CONTENT_FILES.pixels}`, pixels);
  writeContent(folder, images, crc32(pixels));
}

/** What images hold, to be compared. */
export function plain({ parts, ...size }: StoredImages) {
  const content = parts.map(({ name, count, labels, pixels }) => ({
    name,
    count,
    labels: [...labels],
    pixels: [...pixels.read(0, pixels.length)],
  }));
  return { ...size, parts: content };
}
