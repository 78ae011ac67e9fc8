import { assertEquals } from "@std/assert";
import { assertDataError, withFolder } from "../_folder.ts";
import { contents, list, tar, tarGz, type Tree, writeTree } from "./_listing.ts";

const SHARD: Tree = { "0001.cls": "1", "0001.jpg": "one", "0002.jpg": "two", "0002.json": "{}", "0002.cls": "0\n" };

Deno.test("webdatasetReader reads one shard, its samples in order", async () => {
  await withFolder(async (folder) => {
    for (const bytes of [await tar(SHARD), await tarGz(SHARD)]) {
      await Deno.writeFile(`${folder}/train-000000.tar`, bytes);
      const listing = await list(`${folder}/train-000000.tar`);
      assertEquals([listing.classes, listing.pictures[0]!.name], [["0", "1"], "train-000000.tar/0001.jpg"]);
      assertEquals(await contents(listing), [["train", 1, "one"], ["train", 0, "two"]]);
    }
  });
});

Deno.test("webdatasetReader reads a folder of shards, whose names tell the parts", async () => {
  await withFolder(async (folder) => {
    await writeTree(folder, {
      "set-train-000001.tar": await tar({
        "x/k.a.png": "",
        "x/k.png": "three",
        "x/k.cls": "0",
        "classes.txt": "pear\nfig\n",
      }),
      "set-train-000000.tar": await tar(SHARD),
      "set-test-000000.tar.gz": await tarGz({ "0001.png": "four", "0001.cls": "1" }),
    });
    await assertDataError(() => list(folder), "x/k has several pictures");
    await writeTree(folder, {
      "set-train-000001.tar": await tar({ "x/k.png": "three", "x/k.cls": "0", "classes.txt": "pear\nfig\n" }),
    });
    const listing = await list(folder);
    assertEquals(listing.classes, ["pear", "fig"]);
    assertEquals(await contents(listing), [["train", 1, "one"], ["train", 0, "two"], ["train", 0, "three"], [
      "test",
      1,
      "four",
    ]]);
  });
});

Deno.test("webdatasetReader takes names as labels, and more members than are held at once", async () => {
  const tree: Tree = {};
  for (let i = 0; i < 600; i++) {
    Object.assign(tree, { [`${i}.cls`]: i % 2 ? "odd" : "even", [`${i}.png`]: `picture ${i}` });
  }
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.tar`, await tar(tree));
    const listing = await list(`${folder}/a.tar`);
    assertEquals(listing.classes, ["even", "odd"]);
    assertEquals(
      (await contents(listing)).map(([, , text]) => text),
      Array.from({ length: 600 }, (_, i) => `picture ${i}`),
    );
  });
});

Deno.test("webdatasetReader names a sample without a label and a shard without samples", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/a.tar`;
    await Deno.writeFile(path, await tar({ ...SHARD, "0003.jpg": "three" }));
    await assertDataError(() => list(path), path, "a.tar/0003.jpg has no label, expected 0003.cls");
    await Deno.writeFile(path, await tar({ ...SHARD, "info.json": '{"classes": ["a", "b"]}', "0002.cls": "2" }));
    await assertDataError(() => list(path), "label 2, expected 0 to 1");
    await Deno.writeFile(path, await tar({ "a/1.jpg": "one", "b/1.jpg": "two" }));
    await assertDataError(() => list(folder), "a.tar has no .cls files");
    // Beside folders an archive is what they were unpacked from.
    await writeTree(folder, { "x/1.jpg": "one", "y/1.jpg": "two" });
    assertEquals((await list(folder)).classes, ["x", "y"]);
  });
});
