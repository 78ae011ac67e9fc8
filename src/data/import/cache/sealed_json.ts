import { nodeZlib } from "../../node_library.ts";

/**
 * Words a value as JSON with a checksum, so that a flipped bit is found.
 *
 * @param value Plain JSON data.
 * @returns One line.
 */
export function sealJson(value: unknown): string {
  return `${JSON.stringify({ crc32: nodeZlib().crc32(JSON.stringify(value)), value })}\n`;
}

/**
 * Reads what {@linkcode sealJson} has written.
 *
 * @param text The file.
 * @returns The value; undefined if a single bit of it is not as it was written.
 */
export function openSealed(text: string): unknown {
  try {
    const { crc32: seal, value } = JSON.parse(text) as { crc32: unknown; value: unknown };
    return sealJson(value) === text && nodeZlib().crc32(JSON.stringify(value)) === seal ? value : undefined;
  } catch {
    return undefined;
  }
}
