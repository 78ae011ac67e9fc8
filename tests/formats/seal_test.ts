import { assert, assertEquals, assertRejects } from "@std/assert";
import { decodeSafetensors, encodeSafetensors, FormatError, type TensorLike } from "../../src/formats/mod.ts";
import { decodeSealed, encodeSealed } from "../../src/formats/seal.ts";

const TENSORS = new Map<string, TensorLike>([
  ["x", { shape: [3], data: Float32Array.of(0.1, -0, 1e-40) }],
  ["count", { shape: [], data: BigInt64Array.of(3n) }],
]);
const METADATA = { format: "test", note: "Größe" };

Deno.test("decodeSealed() gives back what encodeSealed() wrote", async () => {
  const bytes = await encodeSealed(TENSORS, METADATA);
  assertEquals(await decodeSealed(bytes, { file: "x" }), { tensors: TENSORS, metadata: METADATA });
  assertEquals(await encodeSealed(TENSORS, METADATA), bytes);
});

Deno.test("the checksum is SHA-256 of the file without it", async () => {
  const { metadata } = decodeSafetensors(await encodeSealed(TENSORS, METADATA), { file: "x" });
  const digest = await crypto.subtle.digest("SHA-256", encodeSafetensors(TENSORS, METADATA));
  assertEquals(metadata.sha256, new Uint8Array(digest).toHex());
});

Deno.test("decodeSealed() takes files of earlier versions, which have no checksum", async () => {
  const bytes = encodeSafetensors(TENSORS, METADATA);
  assertEquals(await decodeSealed(bytes, { file: "x" }), { tensors: TENSORS, metadata: METADATA });
});

Deno.test("decodeSealed() refuses a file of which any bit is flipped, or gives back just what was written", async () => {
  const bytes = await encodeSealed(TENSORS, METADATA);
  let refused = 0;
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const damaged = bytes.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    try {
      const { tensors, metadata } = await decodeSealed(damaged, { file: "x" });
      assertEquals(tensors, TENSORS, `bit ${bit}`);
      // What is left is the name of the checksum itself, or space around it.
      assertEquals({ ...METADATA, ...metadata }, metadata, `bit ${bit}`);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      refused++;
    }
  }
  assert(refused > 0.9 * 8 * bytes.length, `${refused} of ${8 * bytes.length} bits`);
});

Deno.test("decodeSealed() names the file and both checksums", async () => {
  const bytes = encodeSafetensors(TENSORS, { ...METADATA, sha256: "0".repeat(64) });
  await assertRejects(
    () => decodeSealed(bytes, { file: "dir/x.safetensors" }),
    FormatError,
    "Cannot read dir/x.safetensors: its content has checksum ",
  );
});
