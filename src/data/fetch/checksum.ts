import type { Checksum } from "./known_dataset.ts";
import { nodeCrypto } from "../node_library.ts";

const pieceBytes = 1 << 20;

/**
 * Tells whether a file is the published one, in pieces of 1 MiB.
 *
 * @param path The file.
 * @param checksum What it must be.
 * @returns Whether its checksum is that one.
 * @throws {Deno.errors.NotFound} If there is no such file, and what else opening and reading may throw.
 */
export async function hasChecksum(path: string, { algorithm, hex }: Checksum): Promise<boolean> {
  const hash = nodeCrypto().createHash(algorithm);
  using file = await Deno.open(path);
  const piece = new Uint8Array(pieceBytes);
  for (let read = await file.read(piece); read !== null; read = await file.read(piece)) {
    hash.update(piece.subarray(0, read));
  }
  return hash.digest("hex") === hex;
}
