import { assertEquals } from "@std/assert";
import { ImportCache } from "../../../../src/data/import/cache/cache.ts";
import { namesIn } from "../../../../src/data/import/cache/cache_folder.ts";
import { CONTENT_FILES } from "../../../../src/data/import/cache/content.ts";
import { keepWithin, listContents, removeContent } from "../../../../src/data/import/cache/evict.ts";
import { releaseContents } from "../../../../src/data/import/cache/in_use.ts";
import { withFolder } from "../../_folder.ts";
import { someImages } from "./_content.ts";
import { keep, recordOf } from "./_keep.ts";

Deno.test("keepWithin() removes the contents used longest ago, with their sources, but none in use", async () => {
  await withFolder((folder) => {
    const cache = new ImportCache(`${folder}/cache`);
    const { paths } = cache;
    for (const [i, name] of ["old", "older", "oldest", "new"].entries()) {
      keep(cache, `key-${name}`, recordOf(name, name), someImages());
      const second = [3000, 2000, 1000, 4000][i]!;
      Deno.utimeSync(`${paths.contents}/${name}/${CONTENT_FILES.header}`, second, second);
    }
    releaseContents();
    const listed = listContents(paths);
    assertEquals(listed.map(({ name }) => name), ["oldest", "older", "old", "new"]);
    const { bytes } = listed[0]!;
    const isInUse = (path: string) => path.endsWith("/older");
    keepWithin(paths, 4 * bytes, { isInUse });
    assertEquals(namesIn(paths.contents).length, 4);
    keepWithin(paths, 2 * bytes, { isInUse });
    assertEquals(namesIn(paths.contents), ["new", "older"]);
    assertEquals(namesIn(paths.sources), ["key-new.json", "key-older.json"]);
    removeContent(paths, "older");
    removeContent(paths, "nosuch");
    assertEquals([namesIn(paths.contents), namesIn(paths.sources)], [["new"], ["key-new.json"]]);
    return Promise.resolve();
  });
});
