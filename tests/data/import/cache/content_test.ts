import { assert, assertEquals, assertThrows } from "@std/assert";
import { CONTENT_FILES, openContent } from "../../../../src/data/import/cache/content.ts";
import { withFolder } from "../../_folder.ts";
import { plain, someImages, writeImages } from "./_content.ts";

Deno.test({
  name: "openContent() returns what writeContent() was given, in memory or in its file",
  // Files are closed when nobody uses their pixels any more.
  sanitizeResources: false,
  async fn() {
    await withFolder((folder) => {
      assertEquals(openContent(folder), "absent");
      const images = someImages();
      writeImages(folder, images);
      for (const residentBytes of [0, 1e6]) {
        const found = openContent(folder, { residentBytes });
        assert(typeof found !== "string");
        assertEquals(plain(found), plain(images));
        const [train] = found.parts;
        assertEquals([...train!.pixels.read(63, 65)], [0, 1]);
        assertThrows(() => train!.pixels.read(0, train!.pixels.length + 1), RangeError);
      }
      return Promise.resolve();
    });
  },
});

Deno.test("openContent() finds every flipped bit, and whatever is cut or gone", async () => {
  await withFolder((folder) => {
    writeImages(folder, someImages(2, 1));
    for (const name of Object.values(CONTENT_FILES)) {
      const path = `${folder}/${name}`;
      const bytes = Deno.readFileSync(path);
      for (let bit = 0; bit < 8 * bytes.length; bit += 7) {
        const damaged = bytes.slice();
        damaged[bit >> 3]! ^= 1 << (bit & 7);
        Deno.writeFileSync(path, damaged);
        assertEquals(openContent(folder), "damaged", `${name}, bit ${bit}`);
      }
      Deno.writeFileSync(path, bytes.subarray(1));
      assertEquals(openContent(folder), "damaged", name);
      Deno.removeSync(path);
      assertEquals(openContent(folder), name === CONTENT_FILES.header ? "absent" : "damaged");
      Deno.writeFileSync(path, bytes);
      assert(typeof openContent(folder) !== "string");
    }
    return Promise.resolve();
  });
});
