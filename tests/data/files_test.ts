import { assert, assertEquals, assertThrows } from "@std/assert";
import { exists, listTree, lookAt, OpenFile, readBounded, readPlain } from "../../src/data/files.ts";
import { DataError } from "../../src/data/errors.ts";
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
    const whole = {
      path: folder,
      isFolder: true,
      entries: [{ name: "a", isFolder: false }, { name: "b.bin", isFolder: false }, { name: "c", isFolder: true }],
      start: new Uint8Array(),
    };
    const inner = { path: `${folder}/c`, isFolder: true, entries: [], start: new Uint8Array() };
    assertEquals(await lookAt(folder), { ...whole, inner });
    await Deno.mkdir(`${folder}/d`);
    assertEquals(await lookAt(folder), { ...whole, entries: [...whole.entries, { name: "d", isFolder: true }] });
    await Deno.remove(`${folder}/d`);
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

Deno.test("listTree() lists what is below a folder, however deep", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/a/b/c`, { recursive: true });
    await Deno.writeFile(`${folder}/a/b/x.jpg`, content);
    await Deno.writeFile(`${folder}/y`, content);
    assertEquals((await listTree(folder)).sort((a, b) => a.path < b.path ? -1 : 1), [
      { path: "a", kind: "folder" },
      { path: "a/b", kind: "folder" },
      { path: "a/b/c", kind: "folder" },
      { path: "a/b/x.jpg", kind: "file" },
      { path: "y", kind: "file" },
    ]);
    await assertDataError(() => listTree(`${folder}/z`), `${folder}/z`, "no such file or folder");
  });
});

Deno.test("readPlain() reads a file as it is, within its bound", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/file`;
    await Deno.writeFile(path, gzip(content));
    assertEquals(await readPlain(path), gzip(content));
    await assertDataError(() => readPlain(path, "x", 10), "Cannot read x: the file has", "expected at most 10");
    await assertDataError(() => readPlain(folder), folder, "it is a folder");
    await assertDataError(() => readPlain(`${folder}/absent`), "no such file");
    if (Deno.build.os !== "windows") await assertDataError(() => readPlain("/dev/zero"), "a device");
  });
});

Deno.test("OpenFile reads at any place and no further than the end", async () => {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/file`, content);
    using file = OpenFile.open(`${folder}/file`);
    assertEquals(file.size, 50_000);
    assertEquals(file.read(40_000, 10_000), content.subarray(40_000));
    assertEquals(file.read(7, 5), content.subarray(7, 12));
    assertEquals(file.read(50_000, 0).length, 0);
    for (const [offset, length] of [[49_999, 2], [-1, 1], [0, -1], [0, 2 ** 53], [NaN, 1]] as const) {
      assertThrows(() => file.read(offset, length), DataError, "it ends at 50000 bytes");
    }
    // Two streams side by side do not disturb one another.
    const [a, b] = await Promise.all([file.stream(), file.stream()].map((stream) => new Response(stream).bytes()));
    assertEquals(a, content);
    assertEquals(b, content);
    await Deno.truncate(`${folder}/file`, 10);
    assertThrows(() => file.read(0, 20), DataError, "became shorter");
  });
});

/** What fetches and finds files, loads libraries and writes the cache works on files for its own sake. */
const OWN_FILES =
  /\/src\/data\/(files\.ts|find_pictures\.ts|fetch\/.*|decoders\/library\.ts|import\/slots\.ts|import\/cache\/.*)$/;

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
      if (!OWN_FILES.test(new URL(name, url).pathname)) assert(!/\bDeno\./.test(code), name);
    }
  };
  await search(folder);
  assert(seen > 20);
});
