import { assert, assertEquals } from "@std/assert";
import { findDataset } from "../../../src/data/find_dataset.ts";
import { SAMPLE_SIDE, sampleDataset, sampleListing } from "../../../src/data/inspect/samples.ts";
import { openDataset, PicturePool } from "../../../src/data/mod.ts";
import { isListing } from "../../../src/data/readers/reader.ts";
import { withPictures } from "./_folder.ts";

Deno.test("sampleListing() makes small pictures of those wanted that can be read", () =>
  withPictures(async (folder) => {
    const { found, reader } = await findDataset(folder);
    const listing = await reader.read(found);
    assert(isListing(listing));
    const place = (name: string) => listing.pictures.findIndex((picture) => picture.name === name);
    using pool = await PicturePool.start({ workers: 1 });
    const wanted = [place("train/cat/5.png"), place("train/dog/broken.jpg"), place("train/dog/as-cat.png")];
    const samples = await sampleListing(listing, pool, new Set(wanted));
    assertEquals([...samples.keys()].sort(), [wanted[0]!, wanted[2]!].sort());
    const { pixels, side } = samples.get(wanted[0]!)!;
    assertEquals([side, pixels.length], [SAMPLE_SIDE, SAMPLE_SIDE ** 2 * 3]);
    assertEquals(pixels, samples.get(wanted[2]!)!.pixels);
    // A picture that is wider than high has white above and below.
    assertEquals([...pixels.subarray(0, 6)], Array(6).fill(255));
  }));

Deno.test("sampleDataset() shows images as they are, in any part", async () => {
  const dataset = await openDataset("uci-digits");
  const samples = await sampleDataset(dataset, new Set([0, dataset.train.count + 1]));
  assertEquals([...samples.keys()], [0, dataset.train.count + 1]);
  const { pixels, side } = samples.get(dataset.train.count + 1)!;
  const expected = dataset.test.pixels.read(28 * 28, 2 * 28 * 28);
  assertEquals([side, [...pixels]], [28, [...expected].flatMap((value) => [value, value, value])]);
});
