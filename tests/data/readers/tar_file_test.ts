import { assert, assertEquals, assertFalse } from "@std/assert";
import { packTar } from "modern-tar";
import { isTar, passTar } from "../../../src/data/readers/tar_file.ts";
import { assertDataError, gzip, withFolder } from "../_folder.ts";
import { tar, tarGz } from "./_listing.ts";

async function withTar(bytes: Uint8Array, use: (path: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.tar`, bytes);
    await use(`${folder}/a.tar`);
  });
}

Deno.test("passTar() goes through members, read or not, with long names", async () => {
  const long = `${"very/".repeat(60)}long.jpg`;
  const tree = { "a.txt": "one", [long]: "x".repeat(70_000), "é.txt": "three", "empty": "" };
  for (const bytes of [await tar(tree), await tarGz(tree)]) {
    await withTar(bytes, async (path) => {
      const seen: [number, string, number][] = [];
      for await (const { place, path: name, bytes, isFile } of passTar(path)) {
        assert(isFile);
        seen.push([place, name, bytes]);
      }
      assertEquals(
        seen,
        Object.entries(tree).map(([name, text], i) => [i, name, new TextEncoder().encode(text).length]),
      );
      const texts: string[] = [];
      for await (const { read } of passTar(path)) texts.push(new TextDecoder().decode(await read()));
      assertEquals(texts, Object.values(tree));
      // Whoever has heard enough leaves; nothing stays open, or the test would tell.
      for await (const { place } of passTar(path)) if (place === 1) break;
    });
  }
});

Deno.test("passTar() bounds what is read of a member", async () => {
  await withTar(await tar({ "a.jpg": "x".repeat(101), "b.jpg": "ok" }), async (path) => {
    const texts: string[] = [];
    for await (const { place, read } of passTar(path)) {
      if (place === 0) {
        await assertDataError(() => read(100), `${path}/a.jpg`, "it has 101 bytes, expected at most 100");
      } else texts.push(new TextDecoder().decode(await read()));
    }
    assertEquals(texts, ["ok"]);
  });
});

Deno.test("passTar() reads no link, no device and nothing sparse", async () => {
  const bytes = await packTar([
    { header: { name: "l", size: 0, type: "symlink", linkname: "/etc/passwd" } },
    { header: { name: "s.jpg", size: 3, type: "file", pax: { "GNU.sparse.major": "1" } }, body: "abc" },
  ]);
  await withTar(bytes, async (path) => {
    const words = ["it is a symlink", "stored sparsely"];
    for await (const { place, read } of passTar(path)) await assertDataError(() => read(), path, words[place]!);
  });
});

Deno.test("passTar() refuses changed headers, whole pieces left out and bombs", async () => {
  const whole = await tar({ "a.jpg": "one", "b.jpg": "two" });
  const run = async (path: string) => void await Array.fromAsync(passTar(path));
  for (const place of [0, 124, 512 + 512]) {
    const bad = whole.slice();
    bad[place]! ^= 1;
    await withTar(bad, (path) => assertDataError(() => run(path), path, "damaged or cut"));
  }
  await withTar(
    new Uint8Array([...whole.subarray(0, 512), ...whole.subarray(1024)]),
    (path) => assertDataError(() => run(path), path),
  );
});

Deno.test("passTar() stops a bomb long before its end", async () => {
  await withTar(gzip(new Uint8Array(80 << 20)), async (path) => {
    await assertDataError(() => Array.fromAsync(passTar(path)), path, "it unpacks to more than");
  });
});

Deno.test("isTar() looks into compressed files", async () => {
  assert(isTar((await tar({ a: "b" })).subarray(0, 512)));
  assert(isTar((await tarGz({ a: "x".repeat(5000) })).subarray(0, 512)));
  assertFalse(isTar(gzip(new Uint8Array(5000)).subarray(0, 512)));
  assertFalse(isTar(Uint8Array.of(0x1f, 0x8b, 1)) || isTar(new Uint8Array()));
});
