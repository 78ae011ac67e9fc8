/**
 * Identifies bytes by their SHA-256.
 *
 * @param bytes The bytes.
 * @returns 64 hex digits.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  // Node has no `toHex` before version 25.
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
