import { assertThrows } from "@std/assert";
import { requireModestSize } from "../../src/data/decoded_image.ts";
import { DataError } from "../../src/data/mod.ts";

Deno.test("requireModestSize() allows up to 2^26 pixels and refuses none at all", () => {
  requireModestSize(1, 1, "a.png");
  requireModestSize(8192, 8192, "a.png");
  requireModestSize(1, 2 ** 26, "a.png");
  for (const [height, width] of [[0, 5], [5, 0], [8192, 8193], [4294967295, 4294967295]] as const) {
    assertThrows(
      () => requireModestSize(height, width, "a.png"),
      DataError,
      `a.png: its header announces ${height}x${width}`,
    );
  }
});
