import { fileURLToPath } from "node:url";

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
  return fileURLToPath(new URL(`../../data/${name}`, import.meta.url));
}
