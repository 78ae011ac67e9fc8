import { exists, type PathContent } from "../files.ts";
import { type DatasetInfo, readInfo } from "../info.ts";

function sidecarOf(path: string): string {
  return `${path.replace(/\.[^./\\]+$/, "")}.info.json`;
}

/**
 * Reads the information about a dataset that is one file: `flowers.info.json` beside `flowers.npz`.
 *
 * @param path The file.
 * @returns What the information says, empty if there is none, and its path.
 * @throws {DataError} If it cannot be read or a field is wrong.
 */
export async function readSidecar(path: string): Promise<{ info: DatasetInfo; infoOrigin: string }> {
  const infoOrigin = sidecarOf(path);
  return { info: await readInfo(infoOrigin), infoOrigin };
}

/**
 * Names the files of a dataset that is one file and perhaps its information.
 *
 * @param found What is at the path.
 * @returns The files; undefined for a folder, of which all count.
 */
export async function filesWithSidecar({ path, isFolder }: PathContent): Promise<readonly string[] | undefined> {
  const info = sidecarOf(path);
  return isFolder ? undefined : [path, ...await exists(info) ? [info] : []];
}
