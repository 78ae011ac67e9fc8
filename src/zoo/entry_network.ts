import { RunError } from "../run/mod.ts";
import { NETWORK_FILE, readEntryFile } from "./entry.ts";
import { decodeModel, type Model } from "./model_file.ts";

/**
 * Opens the derived, trained network of a zoo entry and verifies it: checksum, names and shapes of all tensors, finite
 * numbers.
 *
 * @param nameOrPath Name of an entry, or path of its folder.
 * @param folder The zoo; that of the project if left out.
 * @returns The network, and the name of the entry.
 * @throws {Error} If there is no such entry, it has no network, or it is damaged; one line.
 */
export async function openEntryNetwork(nameOrPath: string, folder?: string): Promise<Model & { entry: string }> {
  const { card, path, bytes } = await readEntryFile(nameOrPath, NETWORK_FILE, folder);
  if (bytes === undefined) {
    throw new RunError(
      `Cannot take the network of ${card.name}: it has none, add one with: deno task rootstock zoo derive ${card.name}`,
    );
  }
  return { ...await decodeModel(bytes, { file: path }), entry: card.name };
}
