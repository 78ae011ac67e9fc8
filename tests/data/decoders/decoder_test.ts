import { assertEquals, assertThrows } from "@std/assert";
import { requireModestSize } from "../../../src/data/decoders/decoder.ts";
import { DataError, decodeImage, type Decoder, registerDecoder } from "../../../src/data/mod.ts";
import { assertDataError } from "../_folder.ts";

Deno.test("requireModestSize() allows up to 2^26 pixels and sides below 2^16, and refuses none at all", () => {
  requireModestSize({ height: 1, width: 1 }, "a.png");
  requireModestSize({ height: 8192, width: 8192 }, "a.png");
  requireModestSize({ height: 1, width: 65535 }, "a.png");
  for (const [height, width] of [[0, 5], [5, 0], [1, 65536], [8192, 8193], [4294967295, 4294967295]] as const) {
    assertThrows(
      () => requireModestSize({ height, width }, "a.png"),
      DataError,
      `a.png: its header announces ${height}x${width}`,
    );
  }
});

/** Grey pictures of the form `TOY`, height, width, pixels, a byte each. */
const toyDecoder: Decoder = {
  name: "TOY",
  recognises: (bytes) => new TextDecoder().decode(bytes.subarray(0, 3)) === "TOY",
  measure: (bytes) => ({ height: bytes[3]!, width: bytes[4]! }),
  decode(bytes, name) {
    const [height, width] = [bytes[3]!, bytes[4]!];
    const pixels = bytes.slice(5);
    if (pixels.length === height * width) return { pixels, height, width, channels: 1 };
    throw new DataError(`Cannot read ${name}: found ${pixels.length} pixels, expected ${height * width}`);
  },
};

Deno.test("a registered decoder reads pictures of its own, bounded like all others", async () => {
  registerDecoder(toyDecoder);
  const toy = (...rest: number[]) => Uint8Array.of(...new TextEncoder().encode("TOY"), ...rest);
  assertEquals(await decodeImage(toy(1, 2, 8, 9), "a"), {
    pixels: Uint8Array.of(8, 9),
    height: 1,
    width: 2,
    channels: 1,
  });
  await assertDataError(() => decodeImage(toy(1, 2, 8), "b"), "b: found 1 pixels, expected 2");
  await assertDataError(() => decodeImage(toy(0, 2), "c"), "c: its header announces 0x2 pixels");
  await assertDataError(
    () => decodeImage(new TextEncoder().encode("text"), "d"),
    "d: it is neither a PNG",
    "nor a TOY file",
  );
});
