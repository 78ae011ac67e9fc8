import { assertEquals } from "@std/assert";
import { readImages } from "../../src/data/mod.ts";
import { assertDataError, bareHeader, gzip, idx, withFolder } from "./_folder.ts";

Deno.test("readImages() reads grey and colour images", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/images.idx.gz`;
    for (const [shape, channels] of [[[2, 8, 9], 1], [[2, 8, 9, 1], 1], [[2, 8, 9, 3], 3]] as const) {
      await Deno.writeFile(path, gzip(idx(...shape)));
      const images = await readImages(path);
      assertEquals([images.count, images.height, images.width, images.channels], [2, 8, 9, channels]);
      assertEquals(images.pixels.length, 2 * 8 * 9 * channels);
      assertEquals(images.file, idx(...shape));
    }
  });
});

Deno.test("readImages() refuses what no network could take, naming the file", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/images.idx`;
    const cases: [Uint8Array, string][] = [
      [idx(40), "found 1 dimensions, expected 3 or 4"],
      [idx(40, 40), "found 2 dimensions"],
      [idx(2, 8, 8, 2), "found 2 channels"],
      [idx(2, 8, 8, 4), "found 4 channels"],
      [bareHeader([0, 0, 8, 4], 2, 8, 8, 0), "found 0 channels"],
      [bareHeader([0, 0, 8, 3], 0, 28, 28), "zero images"],
      [idx(2, 7, 8), "7x8 pixels, expected 8 to 256"],
      [idx(2, 8, 257), "8x257 pixels"],
      [bareHeader([0, 0, 8, 3], 2, 0, 28), "0x28 pixels"],
    ];
    for (const [bytes, words] of cases) {
      await Deno.writeFile(path, bytes);
      await assertDataError(() => readImages(path), path, words);
    }
  });
});
