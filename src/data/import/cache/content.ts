import { join } from "node:path";
import { DataError } from "../../errors.ts";
import type { PartName } from "../../readers/reader.ts";
import { type Pixels, pixelsInFile, pixelsInMemory } from "../../pixels.ts";
import { readSealed, writeSealed, writeWhole } from "./cache_folder.ts";
import { nodeZlib } from "../../node_library.ts";

/** Images of a part, with their labels. */
export interface StoredPart {
  /** Which part. */
  readonly name: PartName;
  /** Number of images. */
  readonly count: number;
  /** Class of each. */
  readonly labels: Uint8Array<ArrayBuffer>;
  /** The images. */
  readonly pixels: Pixels;
}

/** Decoded images of a dataset, all of one size: what a cache keeps under one fingerprint. */
export interface StoredImages {
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** 1 grey, 3 colour. */
  readonly channels: 1 | 3;
  /** The parts, in the order train, validation, test; those without images are left out. */
  readonly parts: readonly StoredPart[];
}

/** Files of a content. */
export const CONTENT_FILES = { header: "content.json", pixels: "pixels.bin", labels: "labels.bin" } as const;

/** What {@linkcode CONTENT_FILES} `header` holds. */
export interface ContentHeader extends Omit<StoredImages, "parts"> {
  readonly parts: readonly { readonly name: PartName; readonly count: number }[];
  /** CRC-32 of the two other files. */
  readonly checksums: { readonly pixels: number; readonly labels: number };
}

/** Largest content that is held in memory rather than read from its file piece by piece. */
const residentBytes = 2 ** 26;
const pieceBytes = 2 ** 22;

/**
 * Completes the folder of a content whose pixels are written.
 *
 * @param folder The folder.
 * @param images Sizes and labels.
 * @param pixelsChecksum CRC-32 of the pixels' file.
 */
export function writeContent(
  folder: string,
  { height, width, channels, parts }: StoredImages,
  pixelsChecksum: number,
): void {
  let labelsChecksum = 0;
  {
    using file = Deno.openSync(join(folder, CONTENT_FILES.labels), { write: true, createNew: true });
    for (const { labels } of parts) {
      writeWhole(file, labels);
      labelsChecksum = nodeZlib().crc32(labels, labelsChecksum);
    }
    file.syncSync();
  }
  const header: ContentHeader = {
    height,
    width,
    channels,
    parts: parts.map(({ name, count }) => ({ name, count })),
    checksums: { pixels: pixelsChecksum, labels: labelsChecksum },
  };
  writeSealed(join(folder, CONTENT_FILES.header), header);
}

/** Sizes and checksums of a content. */
export function openHeader(folder: string): ContentHeader | "absent" | "damaged" {
  const found = readSealed(join(folder, CONTENT_FILES.header));
  return typeof found === "string" ? found : found.value as ContentHeader;
}

/**
 * Opens a content and checks every byte of it by its checksum (10 GB/s; what takes time is reading).
 *
 * @param folder The folder.
 * @param options `residentBytes`: largest content that is held in memory.
 * @returns The images; `"absent"` or `"damaged"` if there are none that can be used.
 */
export function openContent(
  folder: string,
  options: { readonly residentBytes?: number | undefined } = {},
): StoredImages | "absent" | "damaged" {
  const header = openHeader(folder);
  if (typeof header === "string") return header;
  const { parts, checksums, ...size } = header;
  const bytes = size.height * size.width * size.channels;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const isResident = bytes * count <= (options.residentBytes ?? residentBytes);
  try {
    const pixels = openChecked(join(folder, CONTENT_FILES.pixels), bytes * count, checksums.pixels, isResident);
    const labels = openChecked(join(folder, CONTENT_FILES.labels), count, checksums.labels, true);
    if (pixels === undefined || labels === undefined) return "damaged";
    return { ...size, parts: divide(parts, { pixels, labels, bytes }) };
  } catch (error) {
    // Removed or cut since the header was read.
    if (error instanceof Deno.errors.NotFound || error instanceof DataError) return "damaged";
    throw error;
  }
}

/** The bytes of a file; undefined if they are not those that were written. */
function openChecked(path: string, length: number, checksum: number, isResident: boolean): Pixels | undefined {
  const { isFile, size } = Deno.statSync(path);
  if (!isFile || size !== length) return undefined;
  if (isResident) {
    const bytes = Deno.readFileSync(path);
    return bytes.length === length && nodeZlib().crc32(bytes) === checksum ? pixelsInMemory(bytes) : undefined;
  }
  const pixels = pixelsInFile(path, { offset: 0, length });
  let found = 0;
  for (let start = 0; start < length; start += pieceBytes) {
    found = nodeZlib().crc32(pixels.read(start, Math.min(length, start + pieceBytes)), found);
  }
  if (found === checksum) return pixels;
  pixels.close();
  return undefined;
}

function divide(
  parts: ContentHeader["parts"],
  { pixels, labels, bytes }: { pixels: Pixels; labels: Pixels; bytes: number },
): StoredPart[] {
  let first = 0;
  return parts.map(({ name, count }) => {
    const start = first;
    first += count;
    return {
      name,
      count,
      labels: labels.read(start, first),
      pixels: slicePixels(pixels, start * bytes, first * bytes),
    };
  });
}

/** Some neighbouring bytes of others. */
export function slicePixels(pixels: Pixels, first: number, last: number): Pixels {
  return {
    length: last - first,
    read(start, end) {
      if (start < 0 || first + end > last) throw new RangeError(`Cannot read pixels ${start} to ${end}`);
      return pixels.read(first + start, first + end);
    },
  };
}
