import { assert, assertEquals, assertFalse } from "@std/assert";
import { TextReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { isZip } from "../../../src/data/readers/zip.ts";
import { assertDataError, withFolder } from "../_folder.ts";
import { contents, list, TREE, TREE_PICTURES, zip } from "./_listing.ts";

Deno.test("zipReader lists what a folder of the same files has", async () => {
  await withFolder(async (folder) => {
    // By content: the name says nothing.
    await Deno.writeFile(`${folder}/set.bin`, zip(TREE));
    const listing = await list(`${folder}/set.bin`);
    assertEquals(listing.classes, ["cat", "bird", "é é"]);
    assertEquals(await contents(listing), TREE_PICTURES.map((picture) => [...picture]));
    assertEquals([listing.info.name, listing.ignored], ["tiny", ["README.md"]]);
    assertEquals(await contents(listing), TREE_PICTURES.map((picture) => [...picture]));
  });
});

Deno.test("zipReader notices an archive that changed, is encrypted, or has no pictures", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/set.zip`;
    await Deno.writeFile(path, zip(TREE));
    const listing = await list(path);
    await Deno.writeFile(path, zip({ "a/1.jpg": "one" }));
    await assertDataError(() => contents(listing), path, "it changed");
    const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, password: "secret" });
    for (const name of ["a/1.jpg", "b/1.jpg"]) await writer.add(name, new TextReader("text"));
    await Deno.writeFile(path, await writer.close());
    await assertDataError(() => list(path), path, "it is encrypted");
    await Deno.writeFile(path, zip({}));
    await assertDataError(() => list(path), path, "found no file");
  });
});

Deno.test("isZip() knows the marks of archives, empty ones too", () => {
  assert(isZip(zip({ a: "b" })) && isZip(zip({})));
  assertFalse(isZip(Uint8Array.of(0x50, 0x4b, 1, 2)) || isZip(new Uint8Array()));
});
