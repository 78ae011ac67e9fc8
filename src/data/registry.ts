import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FETCHED_FOLDER } from "./fetch/fetch_dataset.ts";
import { isFolder } from "./files.ts";

/** Names of the datasets that ship with Rootstock, in the order in which they are listed. */
export const embeddedNames = ["fashion-mnist-12k", "uci-digits", "sign-language-digits"] as const;

/**
 * Finds the folder of a dataset that ships with Rootstock.
 *
 * @param name A dataset name.
 * @returns Absolute path of its folder, whatever the working directory; `undefined` if no dataset has that name.
 */
export function embeddedFolder(name: string): string | undefined {
  if (!(embeddedNames as readonly string[]).includes(name)) return undefined;
  return shippedPath(name);
}

/**
 * Finds what ships with Rootstock: beside the code, or, where the code came without it, among what was fetched.
 *
 * @param name Its path in `data/`.
 * @param code Address of a file two folders below that which holds `data/`; this one if left out.
 * @returns A path; absolute beside the code, from where the program runs otherwise.
 */
export function shippedPath(name: string, code: string = import.meta.url): string {
  const data = new URL("../../data/", code);
  const isBeside = data.protocol === "file:" && isFolder(data);
  return isBeside ? join(fileURLToPath(data), name) : join(FETCHED_FOLDER, name);
}
