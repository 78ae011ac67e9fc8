import { assert, assertEquals } from "@std/assert";
import { decodeSafetensors, encodeSafetensors, FormatError } from "../../src/formats/mod.ts";
import { decodeNetwork, encodeNetwork, type NetworkFile, PRECISIONS } from "../../src/formats/network_file.ts";
import { mutate, xorshift } from "../data/readers/_mutate.ts";

const file = "x.rootstock";
const SLOWEST_MS = 5000;

/**
 * Reads damaged copies of a network's file, in each precision, with a checksum and without: each must be refused in one line that
 * names it, or be read. With a checksum what is read is what was written.
 */
export async function attackNetwork(
  network: NetworkFile,
  { count, seed }: { count: number; seed: number },
): Promise<{ read: number; refused: number }> {
  const sealed = await Promise.all(PRECISIONS.map((precision) => encodeNetwork(network, { precision })));
  const originals = await Promise.all(sealed.map((bytes) => decodeNetwork(bytes, { file })));
  const outcome = { read: 0, refused: 0 };
  const random = xorshift(seed);
  for (let copy = 0; copy < count; copy++) {
    const [at, isSealed] = [copy % sealed.length, random(2) === 0];
    const bytes = mutate(isSealed ? sealed[at]! : unsealed(sealed[at]!), random);
    const start = performance.now();
    try {
      const found = await decodeNetwork(bytes, { file });
      if (isSealed) assertSame(found, originals[at]!, `seed ${seed}, copy ${copy}`);
      outcome.read++;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      assert(error.message.startsWith(`Cannot read ${file}: `) && !/\p{Cc}/u.test(error.message), error.message);
      outcome.refused++;
    }
    assert(performance.now() - start < SLOWEST_MS, `seed ${seed}, copy ${copy} took too long`);
  }
  return outcome;
}

function unsealed(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { tensors, metadata: { sha256: _, ...metadata } } = decodeSafetensors(bytes, { file });
  return encodeSafetensors(tensors, metadata);
}

/** A flipped bit in the name of the checksum takes the checksum away, and nothing else. */
function assertSame(found: NetworkFile, original: NetworkFile, where: string): void {
  if (found.tensors.size !== original.tensors.size) throw new Error(`${where}: other tensors`);
  assertEquals(found.description, original.description, where);
  for (const [name, tensor] of original.tensors) assertEquals(found.tensors.get(name), tensor, `${where}: ${name}`);
}
