import { assertEquals } from "@std/assert";
import { encode } from "jpeg-js";
import { readImageFile } from "../../src/data/mod.ts";
import { assertDataError, idx, withFolder } from "./_folder.ts";
import { png } from "./_pictures.ts";

Deno.test("readImageFile() tells PNG and JPEG by their content", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/picture.dat`;
    await Deno.writeFile(path, png({ width: 2, height: 1, rows: Uint8Array.of(0, 5, 6) }));
    assertEquals(await readImageFile(path), { pixels: Uint8Array.of(5, 6), height: 1, width: 2, channels: 1 });
    await Deno.writeFile(path, Uint8Array.from(encode({ data: new Uint8Array(8 * 8 * 4), width: 8, height: 8 }).data));
    const { height, width, channels } = await readImageFile(path);
    assertEquals([height, width, channels], [8, 8, 3]);
  });
});

Deno.test("readImageFile() refuses other files, naming them", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/picture.png`;
    await assertDataError(() => readImageFile(path), path, "no such file");
    for (const bytes of [new Uint8Array(), idx(1, 8, 8), new TextEncoder().encode("GIF89a")]) {
      await Deno.writeFile(path, bytes);
      await assertDataError(() => readImageFile(path), path, "neither a PNG nor a JPEG");
    }
    await Deno.writeFile(path, new Uint8Array());
    await Deno.truncate(path, 2 ** 26 + 1);
    await assertDataError(() => readImageFile(path), path, "at most 67108864");
  });
});
