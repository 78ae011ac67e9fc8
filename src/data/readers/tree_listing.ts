import { DataError, printable } from "../errors.ts";
import { type DatasetInfo, parseInfo } from "../info.ts";
import { buildClassTree, findInfo, type TreeItem } from "./class_tree.ts";
import type { PictureBytes, PictureListing } from "./reader.ts";

/** What holds a tree of files: a folder or an archive. */
export interface TreeSource<Item extends TreeItem = TreeItem> {
  /** The dataset, for messages. */
  readonly path: string;
  /** All files and folders. */
  readonly items: readonly Item[];
  /** Reads one file of at most 1 MiB. */
  readSmall(item: Item): Promise<Uint8Array>;
  /**
   * Reads pictures in the order that suits the source.
   *
   * @param wanted For each item, the picture's place in the listing.
   */
  readPictures(wanted: ReadonlyMap<Item, number>): AsyncIterable<PictureBytes>;
}

/**
 * Lists the pictures of a tree of class folders.
 *
 * @param source The folder or archive.
 * @returns The listing.
 * @throws {DataError} As {@linkcode buildClassTree} does, or if `info.json` cannot be read.
 */
export async function listClassTree<Item extends TreeItem>(source: TreeSource<Item>): Promise<PictureListing> {
  const { path, items } = source;
  const { info, infoOrigin } = await readTreeInfo(source);
  const { classes, pictures, items: places, ignored } = buildClassTree(items, { path, info, infoOrigin });
  const wanted = new Map(places.map((item, index) => [items[item]!, index]));
  return { classes, pictures, ignored, info, infoOrigin, read: () => source.readPictures(wanted) };
}

async function readTreeInfo<Item extends TreeItem>(
  { path, items, readSmall }: TreeSource<Item>,
): Promise<{ info: DatasetInfo; infoOrigin: string }> {
  const found = findInfo(items);
  if (found === undefined) return { info: {}, infoOrigin: path };
  const infoOrigin = printable(`${path}/${items[found]!.path}`);
  return { info: parseInfo(await readSmall(items[found]!), infoOrigin), infoOrigin };
}

/**
 * Reads one picture, so that its trouble is its own.
 *
 * @param index Its place in the listing.
 * @param read Reads it.
 * @returns The bytes, or the error as the picture's content.
 */
export async function contentOf(
  index: number,
  read: () => Promise<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>,
): Promise<PictureBytes> {
  try {
    return { index, content: await read() };
  } catch (error) {
    if (error instanceof DataError) return { index, content: error };
    throw error;
  }
}
