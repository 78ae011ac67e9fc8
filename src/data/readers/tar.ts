import { DataError } from "../errors.ts";
import type { PathContent } from "../files.ts";
import { findCifarFiles, maximumBatchBytes, readCifar } from "./cifar.ts";
import type { PictureListing, RawDataset, Reader } from "./reader.ts";
import { filesWithSidecar, readSidecar } from "./sidecar.ts";
import { isTar, passTar } from "./tar_file.ts";
import { listTar, readTarPictures, type TarList } from "./tar_list.ts";
import { listClassTree } from "./tree_listing.ts";
import { isWebDataset, listShard } from "./webdataset.ts";

/**
 * A tar archive, compressed with gzip or not. What it holds is told by the names within: class folders, WebDataset's samples,
 * or CIFAR's binary version.
 */
export const tarReader: Reader = {
  name: "tar",
  describe: "a .tar or .tar.gz of one",
  recognises: ({ path, isFolder, start }) => !isFolder && (isTar(start) || /\.(tar|tar\.gz|tgz)$/i.test(path)),
  read: readTar,
  filesOf: filesWithSidecar,
};

async function readTar({ path }: PathContent): Promise<PictureListing | RawDataset> {
  const list = await listTar(path);
  if (isWebDataset(list)) return await listShard(path, list);
  if (findCifarFiles(fileNames(list)) !== undefined) return await readCifarTar(path, list);
  return listClassTree({
    path,
    // What is neither file nor folder is named as left out; only as information it does not count.
    items: list.members.filter(({ path, isFile, isFolder }) => isFile || isFolder || nameOf(path) !== "info.json"),
    readSmall: ({ place }) => Promise.resolve(list.texts.get(place)!),
    readPictures: (wanted) =>
      readTarPictures(path, list, new Map(Array.from(wanted, ([{ place }, index]) => [place, index]))),
  });
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

function fileNames({ members }: TarList): string[] {
  return members.filter(({ isFile }) => isFile).map(({ path }) => nameOf(path));
}

async function readCifarTar(path: string, list: TarList): Promise<RawDataset> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for await (const { path: member, isFile, read } of passTar(path)) {
    if (isFile && /\.(bin|txt)$/.test(member)) files.set(nameOf(member), await read(maximumBatchBytes));
  }
  const read = (name: string) => {
    const bytes = files.get(name);
    if (bytes !== undefined) return Promise.resolve(bytes);
    throw new DataError(`Cannot read ${path}: it changed while it was read`);
  };
  return await readCifar({ path, names: fileNames(list), ...await readSidecar(path), read });
}
