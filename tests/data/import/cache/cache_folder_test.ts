import { assertEquals, assertThrows } from "@std/assert";
import {
  cachePaths,
  defaultCacheFolder,
  namesIn,
  readSealed,
  removeQuietly,
  writeSealed,
} from "../../../../src/data/import/cache/cache_folder.ts";
import { withFolder } from "../../_folder.ts";

Deno.test("defaultCacheFolder() is beside the runs of the working directory", () => {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "ROOTSTOCK_CACHE" });
  const variable = state === "granted" ? Deno.env.get("ROOTSTOCK_CACHE") : undefined;
  assertEquals(defaultCacheFolder(), variable || "runs/cache");
});

Deno.test("cachePaths() keeps everything below one version", () => {
  const { root, version, ...others } = cachePaths("in");
  assertEquals([root, version], ["in", "in/v1"]);
  for (const path of Object.values(others)) assertEquals(path.startsWith("in/v1/"), true);
});

Deno.test("writeSealed() replaces a file whole, or leaves it and no other behind", async () => {
  await withFolder((folder) => {
    const path = `${folder}/a.json`;
    assertEquals(readSealed(path), "absent");
    for (const value of [{ a: 1 }, "text"]) {
      writeSealed(path, value);
      assertEquals(readSealed(path), { value });
    }
    Deno.writeTextFileSync(path, "cut");
    assertEquals(readSealed(path), "damaged");
    Deno.mkdirSync(`${folder}/taken`);
    assertThrows(() => writeSealed(`${folder}/taken`, 1));
    assertEquals(readSealed(`${folder}/taken`), "damaged");
    assertEquals(namesIn(folder), ["a.json", "taken"]);
    removeQuietly(`${folder}/taken`);
    removeQuietly(`${folder}/none`);
    assertEquals(namesIn(folder), ["a.json"]);
    assertEquals(namesIn(`${folder}/none`), []);
    return Promise.resolve();
  });
});
