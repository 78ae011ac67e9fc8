import { assertEquals, assertStrictEquals } from "@std/assert";
import { turn } from "../../../src/data/decoders/orientation.ts";

// Of a picture of two rows, "ab" "cd" "ef" are three: what EXIF's numbers make of it, row by row.
const turned: Record<number, string[]> = {
  2: ["ba", "dc", "fe"],
  3: ["fe", "dc", "ba"],
  4: ["ef", "cd", "ab"],
  5: ["ace", "bdf"],
  6: ["eca", "fdb"],
  7: ["fdb", "eca"],
  8: ["bdf", "ace"],
};

Deno.test("turn() turns pictures of any channels in all eight ways", () => {
  for (const channels of [1, 2, 3, 4] as const) {
    // Also from memory that no four bytes are aligned in.
    for (const offset of [0, 1]) {
      const spread = (letters: string) =>
        [...letters].flatMap((letter) => Array.from({ length: channels }, (_, c) => letter.charCodeAt(0) + 10 * c));
      const bytes = spread("abcdef");
      const pixels = new Uint8Array(bytes.length + offset).subarray(offset);
      pixels.set(bytes);
      const image = { pixels, height: 3, width: 2, channels };
      for (const [orientation, rows] of Object.entries(turned)) {
        const found = turn(image, Number(orientation));
        assertEquals([found.height, found.width, found.channels], [rows.length, rows[0]!.length, channels]);
        assertEquals([...found.pixels], spread(rows.join("")), `${orientation} of ${channels} channels`);
      }
      for (const nothing of [1, 0, 9, undefined]) assertStrictEquals(turn(image, nothing), image);
    }
  }
});
