import { type DatasetInfo, readInfo } from "../info.ts";

/**
 * Reads the information about a dataset that is one file: `flowers.info.json` beside `flowers.npz`.
 *
 * @param path The file.
 * @returns What the information says, empty if there is none, and its path.
 * @throws {DataError} If it cannot be read or a field is wrong.
 */
export async function readSidecar(path: string): Promise<{ info: DatasetInfo; infoOrigin: string }> {
  const infoOrigin = `${path.replace(/\.[^./\\]+$/, "")}.info.json`;
  return { info: await readInfo(infoOrigin), infoOrigin };
}
