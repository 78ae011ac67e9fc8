import { assertEquals, assertRejects } from "@std/assert";
import { DataError } from "../../../src/data/errors.ts";
import { contentOf, listClassTree } from "../../../src/data/readers/tree_listing.ts";

Deno.test("listClassTree() hands each picture's item back to its source", async () => {
  const items = ["b/1.jpg", "a/1.jpg", "info.json"].map((path) => ({ path, isFolder: false }));
  const listing = await listClassTree({
    path: "set",
    items,
    readSmall: ({ path }) => Promise.resolve(new TextEncoder().encode(JSON.stringify({ description: path }))),
    async *readPictures(wanted) {
      for (const [{ path }, index] of wanted) {
        yield await contentOf(index, () => new TextEncoder().encode(path) as Uint8Array<ArrayBuffer>);
      }
    },
  });
  assertEquals([listing.info, listing.infoOrigin], [{ description: "info.json" }, "set/info.json"]);
  const read = await Array.fromAsync(listing.read());
  assertEquals(read.map(({ index, content }) => [index, new TextDecoder().decode(content as Uint8Array)]), [
    [0, "a/1.jpg"],
    [1, "b/1.jpg"],
  ]);
});

Deno.test("contentOf() keeps a picture's trouble, and throws the program's own", async () => {
  const trouble = new DataError("Cannot read it");
  assertEquals(await contentOf(3, () => Promise.reject(trouble)), { index: 3, content: trouble });
  await assertRejects(() => contentOf(3, () => Promise.reject(new RangeError("a mistake"))), RangeError);
});
