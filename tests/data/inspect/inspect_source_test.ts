import { assert, assertEquals } from "@std/assert";
import { inspectSource } from "../../../src/data/inspect/inspect_source.ts";
import { openDataset } from "../../../src/data/mod.ts";
import { assertDataError } from "../_folder.ts";
import { withPictures } from "./_folder.ts";

Deno.test("inspectSource() finds the leak that was encoded anew, the conflict, the broken file, and nothing else", () =>
  withPictures(async (folder) => {
    const { inspection, pictures } = await inspectSource(folder, { hasPictures: true });
    const { duplicates, unreadable, ignored, hasTest, train, test, tinyClasses, format } = inspection;
    assertEquals([train, test, ignored, hasTest, tinyClasses, format], [27, 5, 1, true, ["emu"], "folder"]);
    assertEquals(
      duplicates.groups.map((
        { kind, isLeak, isConflict, images },
      ) => [kind, isLeak, isConflict, images.map(({ name }) => name)]),
      [
        ["near", true, false, ["train/cat/3.png", "test/cat/leak.jpg"]],
        ["exact", false, true, ["train/cat/5.png", "train/dog/as-cat.png"]],
      ],
    );
    assertEquals(unreadable.map(({ name }) => name), ["train/dog/broken.jpg"]);
    assertEquals(pictures!.classes.map(({ name, samples }) => [name, samples.length]), [["cat", 12], ["dog", 12], [
      "emu",
      2,
    ]]);
    assertEquals(pictures!.groups.map(({ samples }) => samples.filter(Boolean).length), [2, 2]);
    assertEquals((await inspectSource(folder)).pictures, undefined);
  }));

Deno.test("inspectSource() says of an embedded dataset what opening it says", async () => {
  const { inspection } = await inspectSource("sign-language-digits");
  const { train, test, fingerprint, classes, licence, height } = await openDataset("sign-language-digits");
  assertEquals([inspection.train, inspection.test], [train.count, test.count]);
  assertEquals([inspection.fingerprint, inspection.licence, inspection.height], [fingerprint, licence, height]);
  assertEquals(inspection.classes.map(({ name }) => name), classes);
  assert(inspection.hasTest && inspection.sizes.suggested === null);
  assertEquals(JSON.parse(JSON.stringify(inspection)), inspection);
  await assertDataError(() => inspectSource("no-such-data"), "no-such-data", "uci-digits");
});
