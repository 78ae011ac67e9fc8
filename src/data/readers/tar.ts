import { DataError } from "../errors.ts";
import type { PathContent } from "../files.ts";
import { maximumInfoBytes } from "../info.ts";
import type { PictureBytes, PictureListing, Reader } from "./reader.ts";
import { isTar, passTar, type TarMember } from "./tar_file.ts";
import { contentOf, listClassTree } from "./tree_listing.ts";

/** A tar archive of class folders, compressed with gzip or not. */
export const tarReader: Reader = {
  name: "tar",
  describe: "a .tar or .tar.gz of one",
  recognises: ({ path, isFolder, start }) => !isFolder && (isTar(start) || /\.(tar|tar\.gz|tgz)$/i.test(path)),
  read: readTar,
};

async function readTar({ path }: PathContent): Promise<PictureListing> {
  const { members, texts } = await listTar(path);
  return listClassTree({
    path,
    items: members.filter(({ isFile, isFolder }) => isFile || isFolder),
    readSmall: ({ place }) => Promise.resolve(texts.get(place)!),
    readPictures: (wanted) => readPictures(path, wanted),
  });
}

/** What one pass over an archive finds. */
interface TarList {
  readonly members: readonly TarMember[];
  /** Content of the files of information, by their places. */
  readonly texts: ReadonlyMap<number, Uint8Array>;
}

const textNames = /(^|\/)info\.json$/;
/** More than any dataset has; the first ones count. */
const mostTexts = 16;

async function listTar(path: string): Promise<TarList> {
  const members: TarMember[] = [];
  const texts = new Map<number, Uint8Array>();
  for await (const { read, ...member } of passTar(path)) {
    members.push(member);
    if (!member.isFile || !textNames.test(member.path)) continue;
    if (texts.size < mostTexts) texts.set(member.place, await read(maximumInfoBytes));
  }
  return { members, texts };
}

async function* readPictures(path: string, wanted: ReadonlyMap<TarMember, number>): AsyncGenerator<PictureBytes> {
  const places = new Map(Array.from(wanted, ([member, index]) => [member.place, { member, index }]));
  let count = 0;
  for await (const { read, ...member } of passTar(path)) {
    const place = places.get(member.place);
    if (place === undefined) continue;
    if (place.member.path !== member.path) break;
    yield contentOf(place.index, read);
    if (++count === places.size) return;
  }
  throw new DataError(`Cannot read ${path}: it changed while it was read`);
}
