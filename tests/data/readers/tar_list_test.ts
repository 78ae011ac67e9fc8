import { assertEquals } from "@std/assert";
import { listTar, readTarPictures } from "../../../src/data/readers/tar_list.ts";
import { assertDataError, withFolder } from "../_folder.ts";
import { tar } from "./_listing.ts";

Deno.test("listTar() keeps small texts, readTarPictures() what is wanted, in the order of the archive", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/a.tar`;
    await Deno.writeFile(path, await tar({ "a.jpg": "one", "info.json": "{}", "b.cls": "3", "b.jpg": "two" }));
    const list = await listTar(path);
    assertEquals(list.members.map(({ path }) => path), ["a.jpg", "info.json", "b.cls", "b.jpg"]);
    assertEquals([...list.texts].map(([place, text]) => [place, new TextDecoder().decode(text)]), [[1, "{}"], [
      2,
      "3",
    ]]);
    const read = await Array.fromAsync(readTarPictures(path, list, new Map([[3, 0], [0, 1]])));
    assertEquals(read.map(({ index, content }) => [index, new TextDecoder().decode(content as Uint8Array)]), [
      [1, "one"],
      [0, "two"],
    ]);
    assertEquals(await Array.fromAsync(readTarPictures(path, list, new Map())), []);
    await Deno.writeFile(path, await tar({ "a.cls": "x".repeat(5000) }));
    await assertDataError(() => listTar(path), "a.cls: it has 5000 bytes");
  });
});
