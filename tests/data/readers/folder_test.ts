import { assert, assertEquals, assertFalse } from "@std/assert";
import { lookAt } from "../../../src/data/files.ts";
import { folderReader } from "../../../src/data/readers/folder.ts";
import { assertDataError, withFolder } from "../_folder.ts";
import { contents, list, TREE, TREE_PICTURES, writeTree } from "./_listing.ts";

Deno.test("folderReader lists parts, classes and pictures, and reads each", async () => {
  await withFolder(async (folder) => {
    await writeTree(folder, TREE);
    const listing = await list(folder);
    assertEquals(listing.classes, ["cat", "bird", "é é"]);
    assertEquals(await contents(listing), TREE_PICTURES.map((picture) => [...picture]));
    assertEquals([listing.info.name, listing.info.licence, listing.ignored], ["tiny", "CC0", ["README.md"]]);
    assertEquals(listing.infoOrigin, `${folder}/info.json`);
    assertEquals(listing.pictures[0], { name: "train/cat/10.jpeg", part: "train", label: 0 });
  });
});

Deno.test("folderReader recognises folders within a folder only", async () => {
  await withFolder(async (folder) => {
    await writeTree(folder, { "1.jpg": "" });
    assertFalse(folderReader.recognises((await lookAt(folder))!));
    assertFalse(folderReader.recognises((await lookAt(`${folder}/1.jpg`))!));
    await Deno.mkdir(`${folder}/a`);
    assert(folderReader.recognises((await lookAt(folder))!));
  });
});

Deno.test("folderReader follows links to regular files, and opens nothing else", async () => {
  if (Deno.build.os === "windows") return;
  await withFolder(async (folder) => {
    await writeTree(folder, {
      "set/a/1.jpg": "one",
      "set/b/1.jpg": "two",
      "elsewhere.jpg": "three",
      "other/b/1.jpg": "",
    });
    await link({
      [`${folder}/set/a/2.jpg`]: "../../elsewhere.jpg",
      [`${folder}/set/a/3.jpg`]: "nowhere.jpg",
      [`${folder}/set/b/2.jpg`]: "/dev/zero",
      [`${folder}/other/a`]: "../set/a",
    });
    assertEquals((await contents(await list(`${folder}/set`))).map(([, label, text]) => `${label} ${text}`), [
      "0 one",
      "0 three",
      `0 Cannot read ${folder}/set/a/3.jpg: it is a link that leads nowhere, expected a picture`,
      "1 two",
      `1 Cannot read ${folder}/set/b/2.jpg: it is a device, expected a picture`,
    ]);
    await assertDataError(() => list(`${folder}/other`), "a is a link to a folder");
  });
});

Deno.test("folderReader makes a picture that vanished its own trouble", async () => {
  await withFolder(async (folder) => {
    await writeTree(folder, { "a/1.jpg": "one", "b/1.jpg": "two" });
    const listing = await list(folder);
    await Deno.remove(`${folder}/a/1.jpg`);
    assertEquals(await contents(listing), [
      ["train", 0, `Cannot read ${folder}/a/1.jpg: there is no such file or folder`],
      ["train", 1, "two"],
    ]);
  });
});

/** Makes symbolic links, which asks for more than tests may do, in a process of its own. */
async function link(targets: Record<string, string>): Promise<void> {
  const code = `for (const [path, target] of Object.entries(${
    JSON.stringify(targets)
  })) Deno.symlinkSync(target, path)`;
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["eval", code] }).output();
  assert(success);
}
