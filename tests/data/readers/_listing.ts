import { assert, assertEquals } from "@std/assert";
import { strToU8, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { lookAt } from "../../../src/data/files.ts";
import { isListing, type PictureListing, type RawDataset } from "../../../src/data/readers/reader.ts";
import { findReader } from "../../../src/data/readers/table.ts";
import { gzip } from "../_folder.ts";

/** Files of a tree by path; a text stands for its bytes. */
export type Tree = Record<string, string | Uint8Array>;

/** Content of a file of a tree. */
export const bytesOf = (content: string | Uint8Array) => typeof content === "string" ? strToU8(content) : content;

/** Two parts and three classes, with what else stands about in real folders. */
export const TREE: Tree = {
  "test/bird/x.png": "test bird x",
  "test/cat/y.JPG": "test cat y",
  "train/bird/b.jpg": "train bird b",
  "train/bird/a.webp": "train bird a",
  "train/bird/more/c.gif": "train bird more c",
  "train/cat/10.jpeg": "train cat 10",
  "train/cat/2.jpeg": "train cat 2",
  "train/é é/1.png": "train e 1",
  "Val/cat/z.bmp": "val cat z",
  "README.md": "read me",
  "train/.DS_Store": "hidden",
  "__MACOSX/train/cat/._2.jpeg": "hidden",
  "train/cat/Thumbs.db": "hidden",
  "info.json": JSON.stringify({ name: "tiny", classes: ["cat", "bird", "é é"], licence: "CC0" }),
};

/** What every door must make of it: label, part and content of each picture in order. */
export const TREE_PICTURES = [
  ["train", 0, "train cat 10"],
  ["train", 0, "train cat 2"],
  ["train", 1, "train bird a"],
  ["train", 1, "train bird b"],
  ["train", 1, "train bird more c"],
  ["train", 2, "train e 1"],
  ["validation", 0, "val cat z"],
  ["test", 0, "test cat y"],
  ["test", 1, "test bird x"],
] as const;

/** Writes a tree below a folder. */
export async function writeTree(folder: string, tree: Tree): Promise<void> {
  for (const [path, content] of Object.entries(tree)) {
    const file = `${folder}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(file, bytesOf(content));
  }
}

/** A zip archive of a tree. */
export function zip(tree: Tree): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    zipSync(Object.fromEntries(Object.entries(tree).map(([path, content]) => [path, bytesOf(content)]))),
  );
}

/** A tar archive of a tree. */
export function tar(tree: Tree): Promise<Uint8Array<ArrayBuffer>> {
  return packTar(
    Object.entries(tree).map(([name, content]) => {
      const body = bytesOf(content);
      return { header: { name, size: body.length, type: "file" as const, mtime: new Date(0) }, body };
    }),
  );
}

/** A gzip-compressed tar archive of a tree. */
export async function tarGz(tree: Tree): Promise<Uint8Array<ArrayBuffer>> {
  return gzip(await tar(tree));
}

/** Reads what stands at a path with the reader that recognises it. */
export async function open(path: string): Promise<RawDataset | PictureListing> {
  const found = await lookAt(path);
  assert(found !== undefined, `${path} does not exist`);
  const reader = findReader(found);
  assert(reader !== undefined, `no reader recognises ${path}`);
  return await reader.read(found);
}

/** Lists the pictures at a path. */
export async function list(path: string): Promise<PictureListing> {
  const read = await open(path);
  assert(isListing(read), `${path} holds no encoded pictures`);
  return read;
}

/** Part, label and content of each picture, in the order of the listing; the message of one that has none. */
export async function contents(listing: PictureListing): Promise<[string, number, string][]> {
  const texts = new Map<number, string>();
  for await (const { index, content } of listing.read()) {
    assert(!texts.has(index), `picture ${index} came twice`);
    texts.set(index, content instanceof Error ? content.message : new TextDecoder().decode(content));
  }
  assertEquals(texts.size, listing.pictures.length);
  return listing.pictures.map(({ part, label }, index) => [part, label, texts.get(index)!]);
}
