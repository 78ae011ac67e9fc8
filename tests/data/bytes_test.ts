import { assertEquals, assertRejects } from "@std/assert";
import { collect, concatenate, inflate, unpackedBound } from "../../src/data/bytes.ts";
import { DataError } from "../../src/data/mod.ts";
import { deflateSync } from "node:zlib";

const content = Uint8Array.from({ length: 50_000 }, (_, i) => i * i >> 3);

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

Deno.test("unpackedBound() grows with the archive, and leaves room to a small one", () => {
  assertEquals(unpackedBound(0), 64 << 20);
  assertEquals(unpackedBound(1000), (64 << 20) + 100_000);
});
