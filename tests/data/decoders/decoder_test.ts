import { assertEquals, assertThrows } from "@std/assert";
import { requireModestSize } from "../../../src/data/decoders/decoder.ts";
import { DataError, type Decoder, readImageFile, registerDecoder } from "../../../src/data/mod.ts";
import { assertDataError, withFolder } from "../_folder.ts";

Deno.test("requireModestSize() allows up to 2^26 pixels and refuses none at all", () => {
  requireModestSize({ height: 1, width: 1 }, "a.png");
  requireModestSize({ height: 8192, width: 8192 }, "a.png");
  requireModestSize({ height: 1, width: 2 ** 26 }, "a.png");
  for (const [height, width] of [[0, 5], [5, 0], [8192, 8193], [4294967295, 4294967295]] as const) {
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
  await withFolder(async (folder) => {
    const path = `${folder}/picture`;
    const write = (...rest: number[]) =>
      Deno.writeFile(path, Uint8Array.of(...new TextEncoder().encode("TOY"), ...rest));
    await write(1, 2, 8, 9);
    assertEquals(await readImageFile(path), { pixels: Uint8Array.of(8, 9), height: 1, width: 2, channels: 1 });
    await write(1, 2, 8);
    await assertDataError(() => readImageFile(path), path, "found 1 pixels, expected 2");
    await write(0, 2);
    await assertDataError(() => readImageFile(path), path, "its header announces 0x2 pixels");
    await Deno.writeTextFile(path, "GIF89a");
    await assertDataError(() => readImageFile(path), path, "neither a PNG nor a JPEG nor a TOY file");
  });
});
