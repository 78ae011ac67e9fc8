import { assertEquals, assertRejects } from "@std/assert";
import { collect, concatenate, inflate, readBounded } from "../../src/data/bounded_bytes.ts";
import { DataError } from "../../src/data/mod.ts";
import { deflateSync } from "node:zlib";
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

Deno.test("collect() holds a stream to the length that its start announces", async () => {
  const stream = () => inflate(Uint8Array.from(deflateSync(content)), "deflate");
  const expecting = (bytes: number) =>
    collect(stream(), "x", { expect: { prefixBytes: 4, length: (prefix) => prefix[0]! + bytes } });
  assertEquals(await expecting(50_000), content);
  await assertRejects(() => expecting(49_999), DataError, "more than the 49999");
  await assertRejects(() => expecting(50_001), DataError, "found 50000 bytes, expected the 50001");
});

Deno.test("concatenate() keeps the order and allows for empty parts", () => {
  assertEquals([...concatenate([new Uint8Array([1, 2]), new Uint8Array(), new Uint8Array([3])])], [1, 2, 3]);
  assertEquals(concatenate([]).length, 0);
});
