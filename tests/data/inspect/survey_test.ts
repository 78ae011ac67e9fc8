import { assert, assertEquals } from "@std/assert";
import { findDataset } from "../../../src/data/find_dataset.ts";
import { partsOf, surveyDataset, surveyListing } from "../../../src/data/inspect/survey.ts";
import { openDataset, PicturePool } from "../../../src/data/mod.ts";
import { isListing } from "../../../src/data/readers/reader.ts";
import { withPictures } from "./_folder.ts";

Deno.test("surveyListing() measures each picture and says why one cannot be read", () =>
  withPictures(async (folder) => {
    const { found, reader } = await findDataset(folder);
    const listing = await reader.read(found);
    assert(isListing(listing));
    using pool = await PicturePool.start({ workers: 1 });
    const told: number[] = [];
    const { images, thumbnails, classes } = await surveyListing(listing, pool, (done) => told.push(done));
    assertEquals(classes, ["cat", "dog", "emu"]);
    assertEquals([images.length, thumbnails.count, told.at(-1)], [33, 33, 33]);
    const find = (name: string) => images.find((image) => image.name === name)!;
    const { digest, ...leak } = find("test/cat/leak.jpg");
    const facts = { part: "test", label: 0, type: "JPEG", height: 72, width: 96, isGrey: false };
    assertEquals(leak as unknown, { name: "test/cat/leak.jpg", ...facts });
    assert(digest !== find("train/cat/3.png").digest);
    assertEquals(find("train/dog/as-cat.png").digest, find("train/cat/5.png").digest);
    const broken = find("train/dog/broken.jpg");
    assertEquals([broken.digest, broken.height], [undefined, 0]);
    assert(broken.error!.includes("broken.jpg"), broken.error);
  }));

Deno.test("surveyDataset() goes through the parts of decoded images", async () => {
  const dataset = await openDataset("uci-digits");
  const { images, thumbnails } = await surveyDataset(dataset);
  const count = partsOf(dataset).reduce((sum, [, part]) => sum + part.count, 0);
  assertEquals([images.length, thumbnails.count], [count, count]);
  const { digest: _, ...first } = images[dataset.train.count]!;
  const facts = { part: "test", label: dataset.test.labels[0], height: 28, width: 28, isGrey: true };
  assertEquals(first as unknown, { name: "test image 0", ...facts });
});
