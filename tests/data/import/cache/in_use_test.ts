import { assertEquals } from "@std/assert";
import { isInUse, releaseContents, useContent } from "../../../../src/data/import/cache/in_use.ts";
import { withFolder } from "../../_folder.ts";
import { someImages, writeImages } from "./_content.ts";

Deno.test("useContent() keeps a content until it is let go of", async () => {
  await withFolder((folder) => {
    useContent(folder);
    assertEquals(isInUse(folder), false);
    writeImages(folder, someImages());
    assertEquals(isInUse(folder), false);
    useContent(folder);
    useContent(folder);
    assertEquals(isInUse(folder), true);
    releaseContents();
    assertEquals(isInUse(folder), false);
    return Promise.resolve();
  });
});
