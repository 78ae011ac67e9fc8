import { DataError } from "../errors.ts";
import type { PathContent } from "../files.ts";
import { maximumInfoBytes } from "../info.ts";
import type { PictureBytes, PictureListing, Reader } from "./reader.ts";
import { contentOf, listClassTree } from "./tree_listing.ts";
import { ZipFile, type ZipMember } from "./zip_file.ts";

/** A zip archive of class folders. */
export const zipReader: Reader = {
  name: "zip",
  describe: "a .zip of one",
  recognises: ({ isFolder, start }) => !isFolder && isZip(start),
  read: readZip,
};

/**
 * Whether a file begins as a zip archive does, be it an empty one.
 *
 * @param start Its first bytes.
 */
export function isZip([p, k, third, fourth]: Uint8Array): boolean {
  return p === 0x50 && k === 0x4b && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6));
}

async function readZip({ path }: PathContent): Promise<PictureListing> {
  using zip = await ZipFile.open(path);
  const files = zip.members.filter(({ isFolder }) => !isFolder);
  if (files.length > 0 && files.every(({ isEncrypted }) => isEncrypted)) {
    throw new DataError(`Cannot open dataset ${path}: it is encrypted, expected an archive without a password`);
  }
  return await listClassTree({
    path,
    items: zip.members.filter(({ isLink }) => !isLink),
    readSmall: (member) => Promise.resolve(zip.read(member, maximumInfoBytes)),
    readPictures: (wanted) => readPictures(zip, wanted),
  });
}

async function* readPictures(closed: ZipFile, wanted: ReadonlyMap<ZipMember, number>): AsyncGenerator<PictureBytes> {
  using zip = closed.reopen();
  const inOrderOfTheFile = [...wanted].sort(([a], [b]) => a.offset - b.offset);
  for (const [member, index] of inOrderOfTheFile) yield contentOf(index, () => zip.read(member));
}
