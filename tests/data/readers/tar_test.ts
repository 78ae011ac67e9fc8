import { assert, assertEquals, assertFalse } from "@std/assert";
import { packTar } from "modern-tar";
import { lookAt } from "../../../src/data/files.ts";
import { tarReader } from "../../../src/data/readers/tar.ts";
import { assertDataError, gzip, withFolder } from "../_folder.ts";
import { contents, list, tar, tarGz, TREE, TREE_PICTURES } from "./_listing.ts";

Deno.test("tarReader lists what a folder of the same files has, compressed or not, whatever the file's name", async () => {
  await withFolder(async (folder) => {
    for (
      const [name, bytes] of [["a.tar", await tar(TREE)], ["b.bin", await tar(TREE)], [
        "c.bin",
        await tarGz(TREE),
      ]] as const
    ) {
      await Deno.writeFile(`${folder}/${name}`, bytes);
      const listing = await list(`${folder}/${name}`);
      assertEquals(listing.classes, ["cat", "bird", "é é"]);
      assertEquals(await contents(listing), TREE_PICTURES.map((picture) => [...picture]));
      assertEquals([listing.info.name, listing.ignored], ["tiny", ["README.md"]]);
      assertEquals(await contents(listing), TREE_PICTURES.map((picture) => [...picture]));
    }
  });
});

Deno.test("tarReader recognises by content, then by name", async () => {
  await withFolder(async (folder) => {
    const cases: [string, Uint8Array, boolean][] = [
      ["a", gzip(new Uint8Array(600)), false],
      ["a.gz", gzip(new Uint8Array(600)), false],
      ["a.tar.gz", new Uint8Array(), true],
      ["a.TGZ", new Uint8Array(), true],
      ["ustar", new TextEncoder().encode("ustar"), false],
    ];
    for (const [name, bytes, isTar] of cases) {
      await Deno.writeFile(`${folder}/${name}`, bytes);
      assertEquals(tarReader.recognises((await lookAt(`${folder}/${name}`))!), isTar, name);
    }
    assertFalse(tarReader.recognises((await lookAt(folder))!));
  });
});

Deno.test("tarReader follows no links, opens no devices, and says which pictures it leaves out", async () => {
  await withFolder(async (folder) => {
    const file = (name: string) => ({ header: { name, size: 3, type: "file" as const }, body: "abc" });
    const bytes = await packTar([
      file("a/1.jpg"),
      { header: { name: "a/2.jpg", size: 0, type: "symlink", linkname: "/etc/passwd" } },
      { header: { name: "b/3.jpg", size: 0, type: "link", linkname: "a/1.jpg" } },
      { header: { name: "b/4.jpg", size: 0, type: "character-device" } },
      file("b/5.jpg"),
      { header: { name: "c", size: 0, type: "symlink", linkname: "a" } },
      { header: { name: "info.json", size: 0, type: "symlink", linkname: "/etc/passwd" } },
    ]);
    await Deno.writeFile(`${folder}/set.tar`, bytes);
    const listing = await list(`${folder}/set.tar`);
    assertEquals(listing.pictures.map(({ name }) => name), ["a/1.jpg", "a/2.jpg", "b/3.jpg", "b/4.jpg", "b/5.jpg"]);
    const [one, ...others] = (await contents(listing)).map(([, , content]) => String(content));
    assertEquals([one, others.pop()], ["abc", "abc"]);
    for (const [i, what] of ["symlink", "link", "character-device"].entries()) {
      assert(others[i]!.endsWith(`it is a ${what}, expected a file`), others[i]);
    }
    assertEquals(listing.ignored, ["c"]);
  });
});

Deno.test("tarReader says in one line that an archive is cut, damaged or changed", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/set.tar.gz`;
    let cases = 0;
    for (const whole of [await tar(TREE), await tarGz(TREE)]) {
      for (let length = 0; length < whole.length; length += Math.ceil(whole.length / 41)) {
        await Deno.writeFile(path, whole.subarray(0, length));
        await assertDataError(() => list(path), path);
        cases++;
      }
      await Deno.writeFile(path, whole);
      const listing = await list(path);
      await Deno.writeFile(path, await tar({ "a/1.jpg": "one", "b/1.jpg": "two" }));
      await assertDataError(() => contents(listing), path, "it changed");
    }
    assert(cases > 75);
  });
});
