import { assertEquals } from "@std/assert";
import { lookAt } from "../../../src/data/files.ts";
import { filesWithSidecar, readSidecar } from "../../../src/data/readers/sidecar.ts";
import { assertDataError, withFolder } from "../_folder.ts";

Deno.test("readSidecar() reads the information beside a file", async () => {
  await withFolder(async (folder) => {
    const infoOrigin = `${folder}/set.info.json`;
    assertEquals(await readSidecar(`${folder}/set.npz`), { info: {}, infoOrigin });
    await Deno.writeTextFile(infoOrigin, '{"name": "x"}');
    assertEquals(await readSidecar(`${folder}/set.npz`), { info: { name: "x" }, infoOrigin });
    await Deno.writeFile(`${folder}/set.npz`, new Uint8Array());
    assertEquals(await filesWithSidecar((await lookAt(`${folder}/set.npz`))!), [`${folder}/set.npz`, infoOrigin]);
    assertEquals(await filesWithSidecar((await lookAt(folder))!), undefined);
    await Deno.writeTextFile(infoOrigin, '{"name": 1}');
    await assertDataError(() => readSidecar(`${folder}/set.parquet`), infoOrigin, '"name"');
  });
});
