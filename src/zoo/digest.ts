/**
 * Identifies bytes by their SHA-256.
 *
 * @param bytes The bytes.
 * @returns 64 hex digits.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return new Uint8Array(digest).toHex();
}
