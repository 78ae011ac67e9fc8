import { DataError, printable } from "../errors.ts";
import { listTree, type PathContent, readPlain, type TreeEntry } from "../files.ts";
import { maximumInfoBytes } from "../info.ts";
import type { PictureBytes, PictureListing, Reader } from "./reader.ts";
import { contentOf, listClassTree } from "./tree_listing.ts";

/** A folder with a folder for each class, under folders for the parts or not. */
export const folderReader: Reader = {
  name: "folder",
  describe: "a folder of class folders (CLASS/*.jpg, or train/CLASS and test/CLASS)",
  recognises: ({ isFolder, entries }) => isFolder && entries.some((entry) => entry.isFolder),
  read: readFolder,
};

type FolderItem = TreeEntry & { readonly isFolder: boolean };

async function readFolder({ path }: PathContent): Promise<PictureListing> {
  const items = (await listTree(path)).map((entry): FolderItem => ({ ...entry, isFolder: entry.kind === "folder" }));
  const linked = items.find(({ kind }) => kind === "linked folder");
  if (linked !== undefined) {
    throw new DataError(
      `Cannot open dataset ${path}: ${printable(linked.path)} is a link to a folder, expected the folder itself`,
    );
  }
  return listClassTree({
    path,
    items,
    readSmall: (item) => readPlain(`${path}/${item.path}`, undefined, maximumInfoBytes),
    readPictures: (wanted) => readPictures(path, wanted),
  });
}

async function* readPictures(path: string, wanted: ReadonlyMap<FolderItem, number>): AsyncGenerator<PictureBytes> {
  for (const [item, index] of wanted) {
    const name = printable(`${path}/${item.path}`);
    yield contentOf(index, () => {
      // It may have become a file since; what was no file when it was listed is never opened.
      if (item.kind === "file") return readPlain(`${path}/${item.path}`, name);
      const found = item.kind === "broken link" ? "it is a link that leads nowhere" : "it is a device";
      throw new DataError(`Cannot read ${name}: ${found}, expected a picture`);
    });
  }
}
