import { FormatError } from "./format_error.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
import { sha256 } from "./sha256.ts";
import type { TensorLike } from "./tensor.ts";

/** Entry of the metadata that holds the checksum: SHA-256 of the file as it is without this entry. */
const SEAL = "sha256";

/**
 * Writes tensors in the safetensors format with a checksum of all that the file holds, metadata included.
 *
 * @param tensors Tensors by name.
 * @param metadata Texts beside them.
 * @returns The whole file; equal content gives equal bytes.
 */
export async function encodeSealed(
  tensors: ReadonlyMap<string, TensorLike>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { [SEAL]: _, ...unsealed } = metadata;
  return encodeSafetensors(tensors, { ...unsealed, [SEAL]: await digest(tensors, unsealed) });
}

/**
 * Reads what {@linkcode encodeSealed} wrote, or a safetensors file without a checksum, as earlier versions wrote them.
 *
 * @param bytes The whole file.
 * @param options `file`: its path, for messages.
 * @returns Copies of the tensors by name, and the metadata without the checksum.
 * @throws {FormatError} If it is damaged; names the file.
 */
export async function decodeSealed(
  bytes: Uint8Array,
  { file }: { file: string },
): Promise<{ tensors: Map<string, TensorLike>; metadata: Record<string, string> }> {
  const { tensors, metadata: { [SEAL]: seal, ...metadata } } = decodeSafetensors(bytes, { file });
  if (seal === undefined) return { tensors, metadata };
  const found = await digest(tensors, metadata);
  if (found === seal) return { tensors, metadata };
  throw new FormatError(
    `Cannot read ${file}: its content has checksum ${found.slice(0, 16)}…, expected ${
      seal.slice(0, 16)
    }… as written: the file is damaged`,
  );
}

function digest(
  tensors: ReadonlyMap<string, TensorLike>,
  metadata: Readonly<Record<string, string>>,
): Promise<string> {
  return sha256(encodeSafetensors(tensors, metadata));
}
