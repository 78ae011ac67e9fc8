import { assertEquals, assertMatch } from "@std/assert";
import { withFolder } from "../../data/_folder.ts";
import { writePhotos } from "../../data/import/_photos.ts";
import { assertFails, rootstock, rootstockJson } from "../_command.ts";

Deno.test("data import decodes photos, data cache lists and clears them", async () => {
  await withFolder(async (folder) => {
    const [photos, cache] = [`${folder}/photos`, `${folder}/cache`];
    writePhotos(photos);
    const first = await rootstock(["data", "import", photos, "--cache", cache, "--image", "16"]);
    assertEquals(first.code, 0, first.error);
    assertMatch(first.out, /classes +2\n/);
    assertMatch(first.out, /images +16x16, colour\n/);
    assertMatch(first.out, /time +[0-9.]+ s, [0-9,]+ images\/s\n/);
    assertMatch(first.error, /20 pictures become images of 16x16 pixels, in colour\n/);
    const again = await rootstockJson(["data", "import", photos, "--cache", cache, "--image", "16"]);
    assertEquals([again.isDecoded, again.train, again.test, again.unreadable], [false, 16, 4, []]);
    assertMatch(first.out, new RegExp(again.fingerprint));

    const { datasets } = await rootstockJson(["data", "cache", "list", "--cache", cache]);
    assertEquals(datasets.length, 1);
    const [{ sources, images, height, channels }] = datasets;
    assertEquals([sources, images, height, channels], [[photos], 20, 16, 3]);
    await assertFails(["data", "cache", "clear", "--cache", cache], 2, ["--all"]);
    await assertFails(["data", "cache", "clear", "nosuch", "--cache", cache], 1, ["Cannot clear nosuch"]);
    const cleared = await rootstock(["data", "cache", "clear", "photos", "--cache", cache]);
    assertMatch(cleared.out, /^Removed 1 dataset, 0.0 MB\n$/);
    assertEquals((await rootstock(["data", "cache", "list", "--cache", cache])).out, `${cache} keeps no dataset\n`);
    await assertFails(["data", "import", photos, "--image", "7"], 2, ["--image", "8 to 256"]);
  });
});
