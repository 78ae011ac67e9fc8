import { assertEquals } from "@std/assert";
import { completeImport, type ImportProgress } from "../../../src/data/mod.ts";
import { chooseShape } from "../../../src/data/import/choose_shape.ts";
import { cutPicture, listPictures, picture } from "./_photos.ts";

const pictures = [{ height: 70, width: 90 }, { height: 100, width: 66 }, { height: 20, width: 400 }].map((size, i) => ({
  label: i & 1,
  content: picture(i, size),
}));

Deno.test("chooseShape() measures what is not asked for, and reads nothing where all is", async () => {
  const like = { height: 48, width: 40, channels: 1 as const };
  const cases = [
    [{}, undefined, { height: 64, width: 64, channels: 3, detectsGrey: true, median: 66 }, 1],
    [{ channels: 1 }, undefined, { height: 64, width: 64, channels: 1, detectsGrey: false, median: 66 }, 1],
    [{ side: 33 }, undefined, { height: 33, width: 33, channels: 3, detectsGrey: true }, 0],
    [{ side: 33, channels: 3 }, like, { height: 33, width: 33, channels: 3, detectsGrey: false }, 0],
    [{}, like, { ...like, detectsGrey: false }, 0],
  ] as const;
  for (const [settings, like, shape, reads] of cases) {
    const listing = listPictures(pictures);
    const found = await chooseShape(listing, { path: "in", settings: completeImport(settings), like });
    assertEquals([found, listing.reads], [{ ...shape, fit: "crop" } as typeof found, reads]);
  }
});

Deno.test("chooseShape() passes over pictures that cannot be measured, and tells how far it is", async () => {
  const told: ImportProgress[] = [];
  const listing = listPictures([
    { label: 0, content: new Error("gone") },
    ...pictures,
    { label: 0, content: cutPicture(9).subarray(0, 10) },
  ]);
  const onProgress = (progress: ImportProgress) => told.push(progress);
  const { height } = await chooseShape(listing, { path: "in", settings: completeImport(), onProgress });
  assertEquals(height, 64);
  assertEquals(told.map(({ done }) => done), [1, 2, 3, 4, 5]);
  assertEquals(told[0], { name: "in", phase: "measure", done: 1, total: 5 });
});
