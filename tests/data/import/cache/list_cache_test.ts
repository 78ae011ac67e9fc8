import { assertEquals, assertThrows } from "@std/assert";
import { clearCache, DataError, listCache } from "../../../../src/data/mod.ts";
import { ImportCache } from "../../../../src/data/import/cache/cache.ts";
import { namesIn } from "../../../../src/data/import/cache/cache_folder.ts";
import { CONTENT_FILES } from "../../../../src/data/import/cache/content.ts";
import { isInUse, releaseContents } from "../../../../src/data/import/cache/in_use.ts";
import { withFolder } from "../../_folder.ts";
import { someImages } from "./_content.ts";
import { keep, recordOf } from "./_keep.ts";

/** Three sources of two contents, of which c2 was used last. */
async function withThree(use: (folder: string, cache: ImportCache) => void): Promise<void> {
  await withFolder((parent) => {
    const folder = `${parent}/cache`;
    const cache = new ImportCache(folder);
    keep(cache, "k1", recordOf("in/photos", "c1aa"), someImages());
    keep(cache, "k2", recordOf("in/photos.zip", "c1aa"), someImages());
    keep(cache, "k3", recordOf("leaves.tar", "c2bb"), someImages(10, 4));
    releaseContents();
    for (const [content, second] of [["c1aa", 1000], ["c2bb", 2000]] as const) {
      Deno.utimeSync(`${cache.paths.contents}/${content}/${CONTENT_FILES.header}`, second, second);
    }
    use(folder, cache);
    return Promise.resolve();
  });
}

Deno.test("listCache() lists contents with their sources, the one used last first", async () => {
  assertEquals(listCache("tests/none"), []);
  await withThree((folder) => {
    const listed = listCache(folder);
    const shape = { classes: 2, height: 8, width: 8, channels: 1 };
    assertEquals(listed.map(({ bytes: _, ...rest }) => rest), [
      { content: "c2bb", sources: ["leaves.tar"], images: 14, ...shape, used: "1970-01-01T00:33:20.000Z" },
      {
        content: "c1aa",
        sources: ["in/photos", "in/photos.zip"],
        images: 9,
        ...shape,
        used: "1970-01-01T00:16:40.000Z",
      },
    ]);
    assertEquals(listed.every(({ bytes, images }) => bytes > 64 * images && bytes < 64 * images + 500), true);
  });
});

Deno.test("clearCache() removes a dataset by path, name or fingerprint, with all its sources", async () => {
  for (const name of ["in/photos.zip", "photos", "c1"]) {
    await withThree((folder, cache) => {
      assertThrows(() => clearCache(folder, "nosuch"), DataError, "Cannot clear nosuch: ");
      assertEquals(clearCache(folder, name).removed, 1);
      assertEquals(namesIn(cache.paths.contents), ["c2bb"]);
      assertEquals(namesIn(cache.paths.sources), ["k3.json"]);
    });
  }
});

Deno.test("clearCache() of all leaves nothing but what is in use, and takes leftovers and other versions along", async () => {
  await withThree((folder, cache) => {
    Deno.mkdirSync(`${folder}/v0/contents`, { recursive: true });
    Deno.mkdirSync(`${folder}/notes`);
    Deno.writeTextFileSync(`${cache.paths.sources}/k9.json`, "cut");
    assertEquals(typeof cache.find("k3"), "object");
    const { removed, inUse } = clearCache(folder);
    assertEquals([removed, inUse], [1, 1]);
    assertEquals(isInUse(`${cache.paths.contents}/c2bb`), true);
    releaseContents();
    assertEquals(namesIn(cache.paths.sources), ["k3.json"]);
    assertEquals(clearCache(folder).removed, 1);
    assertEquals(listCache(folder), []);
    assertEquals(namesIn(folder), ["notes", "v1"]);
  });
});
