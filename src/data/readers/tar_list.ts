import { DataError } from "../errors.ts";
import { maximumInfoBytes } from "../info.ts";
import type { PictureBytes } from "./reader.ts";
import { passTar, type TarMember } from "./tar_file.ts";
import { contentOf } from "./tree_listing.ts";

/** What one pass over an archive finds. */
export interface TarList {
  /** Its members, each at its place. */
  readonly members: readonly TarMember[];
  /** Content of the small texts that say what the pictures are, by their places. */
  readonly texts: ReadonlyMap<number, Uint8Array>;
}

/** Files of information, and the labels of WebDataset. */
const textName = /(^|\/)(info\.json|classes\.txt|[^/]*\.cls)$/;
const maximumLabelBytes = 4096;
/** More than any dataset has of the larger ones. */
const mostInfos = 16;

/**
 * Lists an archive in one pass, keeping the small texts on the way.
 *
 * @param path The archive.
 * @returns Members and texts.
 * @throws {DataError} If the archive is damaged or cut, or a text is too long.
 */
export async function listTar(path: string): Promise<TarList> {
  const members: TarMember[] = [];
  const texts = new Map<number, Uint8Array>();
  let infos = 0;
  for await (const { read, ...member } of passTar(path)) {
    members.push(member);
    if (!member.isFile || !textName.test(member.path)) continue;
    const isLabel = member.path.endsWith(".cls");
    if (!isLabel && ++infos > mostInfos) continue;
    texts.set(member.place, await read(isLabel ? maximumLabelBytes : maximumInfoBytes));
  }
  return { members, texts };
}

/**
 * Reads pictures of an archive in a second pass.
 *
 * @param path The archive.
 * @param list What the first pass found.
 * @param wanted For the place of each picture in the archive, its place in the listing.
 * @returns Their bytes, in the order of the archive.
 * @throws {DataError} If the archive is damaged, or another one than before.
 */
export async function* readTarPictures(
  path: string,
  { members }: TarList,
  wanted: ReadonlyMap<number, number>,
): AsyncGenerator<PictureBytes> {
  let missing = wanted.size;
  if (missing === 0) return;
  for await (const { read, ...member } of passTar(path)) {
    const index = wanted.get(member.place);
    if (index === undefined) continue;
    if (members[member.place]!.path !== member.path) break;
    yield contentOf(index, read);
    if (--missing === 0) return;
  }
  throw new DataError(`Cannot read ${path}: it changed while it was read`);
}
