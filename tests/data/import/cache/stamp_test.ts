import { assertEquals, assertNotEquals } from "@std/assert";
import { lookAt } from "../../../../src/data/files.ts";
import type { Reader } from "../../../../src/data/readers/reader.ts";
import { stampSource } from "../../../../src/data/import/cache/stamp.ts";
import { withFolder } from "../../_folder.ts";

function readerOf(changes: Partial<Reader> = {}): Reader {
  return {
    name: "any",
    describe: "anything",
    recognises: () => true,
    read: () => Promise.reject(new Error("a stamp reads nothing")),
    ...changes,
  };
}

Deno.test("stampSource() of a folder changes with every file below it, and with nothing else", async () => {
  await withFolder(async (folder) => {
    const source = `${folder}/photos`;
    Deno.mkdirSync(`${source}/cat/young`, { recursive: true });
    Deno.writeTextFileSync(`${source}/cat/young/a.png`, "aaa");
    Deno.writeTextFileSync(`${source}/info.json`, "{}");
    const stamp = async (path = source) => await stampSource(readerOf(), (await lookAt(path))!);
    let last = await stamp();
    assertEquals(await stamp(), last);
    assertEquals(await stamp(`${folder}/../${folder.split("/").at(-1)}/photos/`), last);
    assertNotEquals(await stampSource(readerOf({ name: "other" }), (await lookAt(source))!), last);

    const same = () => Deno.writeTextFileSync(`${source}/.DS_Store`, "left behind");
    same();
    assertEquals(await stamp(), last);
    const changes = [
      () => Deno.writeTextFileSync(`${source}/cat/young/a.png`, "aaaa"),
      () => Deno.utimeSync(`${source}/info.json`, 1, 1),
      () => Deno.renameSync(`${source}/info.json`, `${source}/about.json`),
      () => Deno.writeTextFileSync(`${source}/cat/b.png`, ""),
      () => Deno.removeSync(`${source}/cat/b.png`),
      () => Deno.renameSync(`${source}/cat`, `${source}/dog`),
    ];
    for (const [index, change] of changes.entries()) {
      change();
      const found = await stamp();
      assertNotEquals(found, last, `change ${index}`);
      last = found;
    }
  });
});

Deno.test("stampSource() of a file, and of the files that a reader names", async () => {
  await withFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/list.csv`, "a.png,cat");
    Deno.writeTextFileSync(`${folder}/a.png`, "aaa");
    Deno.writeTextFileSync(`${folder}/b.png`, "bbb");
    const found = (await lookAt(`${folder}/list.csv`))!;
    const named = readerOf({ filesOf: () => Promise.resolve([`${folder}/list.csv`, `${folder}/a.png`]) });
    const stamps = async () => [await stampSource(readerOf(), found), await stampSource(named, found)];
    const before = await stamps();
    Deno.writeTextFileSync(`${folder}/b.png`, "bbbb");
    assertEquals(await stamps(), before);
    Deno.writeTextFileSync(`${folder}/a.png`, "aaaa");
    const after = await stamps();
    assertEquals(after[0], before[0]);
    assertNotEquals(after[1], before[1]);
  });
});
