import { assert, assertEquals } from "@std/assert";
import { exists, lookAt, readBounded } from "../../src/data/files.ts";
import { assertDataError, gzip, withFolder } from "./_folder.ts";

const content = Uint8Array.from({ length: 50_000 }, (_, i) => i * i >> 3);

Deno.test("readBounded() returns the content of plain and of compressed files", async () => {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/plain`, content);
    await Deno.writeFile(`${folder}/packed`, gzip(content));
    assertEquals(await readBounded(`${folder}/plain`), content);
    assertEquals(await readBounded(`${folder}/packed`), content);
  });
});

Deno.test("readBounded() refuses more than its bound, on disk and unpacked", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/file`;
    await Deno.writeFile(path, content);
    await assertDataError(() => readBounded(path, { maximumBytes: 49_999 }), "50000 bytes", "at most 49999");
    assertEquals((await readBounded(path, { maximumBytes: 50_000 })).length, 50_000);
    await Deno.writeFile(path, gzip(new Uint8Array(1_000_000)));
    await assertDataError(() => readBounded(path, { maximumBytes: 999_999 }), "unpacks to more than 999999");
  });
});

Deno.test("readBounded() refuses what is no regular file", async () => {
  if (Deno.build.os === "windows") return;
  await assertDataError(() => readBounded("/dev/null"), "/dev/null", "a device");
});

Deno.test("lookAt() shows the names in a folder in their order, and the start of a file", async () => {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/b.bin`, content);
    await Deno.writeFile(`${folder}/a`, Uint8Array.of(7, 8));
    await Deno.mkdir(`${folder}/c`);
    assertEquals(await lookAt(folder), {
      path: folder,
      isFolder: true,
      entries: [{ name: "a", isFolder: false }, { name: "b.bin", isFolder: false }, { name: "c", isFolder: true }],
      start: new Uint8Array(),
    });
    const file = { isFolder: false, entries: [] };
    assertEquals(await lookAt(`${folder}/a`), { path: `${folder}/a`, ...file, start: Uint8Array.of(7, 8) });
    assertEquals((await lookAt(`${folder}/b.bin`))?.start, content.subarray(0, 512));
    assertEquals(await lookAt(`${folder}/d`), undefined);
  });
});

Deno.test("lookAt() names a path that is no folder or file, or leads through a file", async () => {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a`, content);
    await assertDataError(() => lookAt(`${folder}/a/b`), `${folder}/a/b`, "not a folder");
  });
  if (Deno.build.os === "windows") return;
  await assertDataError(() => lookAt("/dev/null"), "/dev/null", "a device");
});

Deno.test("exists() sees files and folders", async () => {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a`, content);
    assert(await exists(folder) && await exists(`${folder}/a`));
    assertEquals(await exists(`${folder}/b`), false);
  });
});

Deno.test("no other file of src/data touches Deno", async () => {
  const folder = new URL("../../src/data/", import.meta.url);
  let seen = 0;
  const search = async (url: URL) => {
    for await (const { name, isDirectory } of Deno.readDir(url)) {
      if (isDirectory) {
        await search(new URL(`${name}/`, url));
        continue;
      }
      seen++;
      const code = (await Deno.readTextFile(new URL(name, url))).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      if (name !== "files.ts") assert(!/\bDeno\./.test(code), name);
    }
  };
  await search(folder);
  assert(seen > 20);
});
