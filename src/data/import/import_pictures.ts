import { Engine, type PictureShape } from "../../engine/mod.ts";
import { DataError, printable } from "../errors.ts";
import type { UnreadablePicture } from "../dataset.ts";
import { PicturePool } from "../pictures/pool.ts";
import type { PartName, PictureListing } from "../readers/reader.ts";
import { slicePixels, type StoredImages, type StoredPart } from "./cache/content.ts";
import { chooseShape, type ChosenShape, type ShapeOptions } from "./choose_shape.ts";
import { pump } from "./pump.ts";
import type { Slots } from "./slots.ts";
import { describeUnreadable, listUnreadable, requireEnough } from "./unreadable.ts";

/** What is imported, how, and where to. */
export interface ImportOptions extends ShapeOptions {
  /** Makes room for so many images of a size in bytes. */
  readonly makeSlots: (count: number, size: number) => Slots;
}

/** Images made of pictures. */
export interface ImportedPictures {
  /** The images. */
  readonly images: StoredImages;
  /** CRC-32 of all pixels. */
  readonly checksum: number;
  /** Pictures that are left out. */
  readonly unreadable: readonly UnreadablePicture[];
}

const parts: readonly PartName[] = ["train", "validation", "test"];

/**
 * Decodes the pictures of a listing to images of one size, on all cores, and holds a few of them at a time.
 *
 * @param listing The pictures.
 * @param options Size, destination, who listens.
 * @returns The images, part by part, in the order of the listing.
 * @throws {DataError} If the source is damaged, or too many pictures are.
 */
export async function importPictures(listing: PictureListing, options: ImportOptions): Promise<ImportedPictures> {
  const { path, makeSlots, onNotice } = options;
  const shape = await chooseShape(listing, options);
  const slots = makeSlots(listing.pictures.length, shape.height * shape.width * shape.channels);
  const { order, slotOf } = placeParts(listing);
  const { reasons, isGrey } = await decode(listing, { ...options, shape, slots, slotOf });
  requireEnough(listing, reasons, path);
  const unreadable = listUnreadable(listing, reasons);
  if (unreadable.length > 0) onNotice?.(describeUnreadable(unreadable, { path, total: listing.pictures.length }));
  const kept = order.filter((index) => !reasons.has(index));
  const becomesGrey = shape.detectsGrey && isGrey;
  await pack(slots, kept.map((index) => slotOf[index]!), { shape, becomesGrey });
  const channels = becomesGrey ? 1 : shape.channels;
  onNotice?.(describeShape(printable(path), { ...shape, channels }, kept.length));
  return { ...collectParts(listing, kept, { ...shape, channels }, slots), unreadable };
}

/** Slots by part, so that the images of a part are neighbours; within a part in the order of the listing. */
function placeParts({ pictures }: PictureListing): { order: number[]; slotOf: Uint32Array } {
  const order = parts.flatMap((part) => pictures.flatMap((picture, index) => picture.part === part ? [index] : []));
  const slotOf = new Uint32Array(pictures.length);
  order.forEach((index, slot) => slotOf[index] = slot);
  return { order, slotOf };
}

/** Pictures under way: enough to keep every core at work while the next ones are read. */
const picturesPerCore = 8;
const bytesUnderWay = 2 ** 26;

async function decode(
  listing: PictureListing,
  { path, onProgress, shape, slots, slotOf }: ImportOptions & {
    shape: PictureShape;
    slots: Slots;
    slotOf: Uint32Array;
  },
): Promise<{ reasons: Map<number, string>; isGrey: boolean }> {
  const reasons = new Map(listing.pictures.map((_, index) => [index, "its bytes were not found"]));
  let [isGrey, done] = [true, 0];
  using pool = await PicturePool.start();
  const total = listing.pictures.length;
  onProgress?.({ name: path, phase: "decode", done, total });
  const decodeOne = async ({ index, content }: { index: number; content: Uint8Array<ArrayBuffer> | Error }) => {
    try {
      if (content instanceof Error) throw content;
      const prepared = await pool.prepare(content, listing.pictures[index]!.name, shape);
      slots.write(slotOf[index]!, prepared.pixels);
      isGrey &&= prepared.isGrey;
      reasons.delete(index);
    } catch (error) {
      if (!(error instanceof DataError) && error !== content) throw error;
      reasons.set(index, (error as Error).message);
    }
    onProgress?.({ name: path, phase: "decode", done: ++done, total });
  };
  await pump(listing.read(), decodeOne, {
    items: picturesPerCore * navigator.hardwareConcurrency,
    bytes: bytesUnderWay,
    sizeOf: ({ content }) => content instanceof Error ? 0 : content.length,
  });
  return { reasons, isGrey };
}

/** Moves images to the slots from the first on, where some are missing, and takes their colours away where none has any. */
async function pack(
  slots: Slots,
  kept: readonly number[],
  { shape, becomesGrey }: { shape: PictureShape; becomesGrey: boolean },
): Promise<void> {
  const isWhole = kept.every((slot, place) => slot === place);
  if (!becomesGrey) {
    if (!isWhole) kept.forEach((slot, place) => slot !== place && slots.write(place, slots.read(slot)));
    return;
  }
  const engine = await Engine.start({ threads: 1 });
  try {
    const { height, width } = shape;
    // An image of one channel ends before the next one of three begins: none is overwritten before it is read.
    kept.forEach((slot, place) => {
      const image = { pixels: slots.read(slot), height, width, channels: 3 as const };
      const { pixels } = engine.preparePicture(image, { ...shape, channels: 1 });
      slots.writeAt(place * pixels.length, pixels);
    });
  } finally {
    engine.close();
  }
}

function collectParts(
  { pictures }: PictureListing,
  kept: readonly number[],
  { height, width, channels }: PictureShape,
  slots: Slots,
): Pick<ImportedPictures, "images" | "checksum"> {
  const size = height * width * channels;
  const { pixels, checksum } = slots.finish(kept.length * size);
  let first = 0;
  const stored = parts.flatMap((name): StoredPart[] => {
    const labels = Uint8Array.from(kept.filter((i) => pictures[i]!.part === name), (i) => pictures[i]!.label);
    const [start, count] = [first, labels.length];
    first += count;
    return count === 0 ? [] : [{ name, count, labels, pixels: slicePixels(pixels, start * size, first * size) }];
  });
  return { images: { height, width, channels, parts: stored }, checksum };
}

function describeShape(path: string, { height, width, channels, median }: ChosenShape, count: number): string {
  const size = `${height}x${width} pixels, ${channels === 1 ? "grey" : "in colour"}`;
  const why = median === undefined
    ? ""
    : `; half of the pictures have a shorter side of at least ${median}, --image takes another size`;
  return `${path}: ${count.toLocaleString("en")} pictures become images of ${size}${why}`;
}
