import { assert, assertEquals } from "@std/assert";
import { isListing } from "../../../src/data/readers/reader.ts";
import { assertDataError, withFolder } from "../_folder.ts";
import { contents, list, open } from "./_listing.ts";

// Written by Pillow, pyarrow, Hugging Face's datasets, zipfile, tarfile and NumPy: tests/reference/make_dataset_files.py.
const FIXTURES = new URL("../../reference/fixtures/datasets/", import.meta.url).pathname;

/** Part, label and a hash of each picture. */
async function hashes(path: string): Promise<unknown[]> {
  const listing = await list(path);
  const read: unknown[] = [];
  for await (const { index, content } of listing.read()) {
    assert(!(content instanceof Error), String(content));
    const { part, label } = listing.pictures[index]!;
    read[index] = [part, listing.classes[label], new Uint8Array(await crypto.subtle.digest("SHA-1", content)).toHex()];
  }
  return read;
}

Deno.test("files of other programs hold the same dataset through every door", async () => {
  const wanted = await hashes(`${FIXTURES}set.zip`);
  assertEquals(wanted.length, 12);
  for (const door of ["set.tar.gz", "shards", "hub", "gzip", "brotli", "lz4", "zstd"]) {
    assertEquals(await hashes(FIXTURES + door), wanted, door);
    assertEquals((await list(FIXTURES + door)).classes, ["pear", "apple", "fête"], door);
  }
  const [idx, npz] = [await open(`${FIXTURES}idx`), await open(`${FIXTURES}set.npz`)];
  assert(!isListing(idx) && !isListing(npz));
  for (const part of ["train", "test"] as const) {
    assertEquals(npz[part]!.pixels, idx[part]!.pixels);
    assertEquals(npz[part]!.labels, idx[part]!.labels);
  }
  assertEquals(npz.info, idx.info);
});

Deno.test("parquetReader takes one file as training pictures, its classes named in the metadata", async () => {
  const listing = await list(`${FIXTURES}hub/data/test-00000-of-00001.parquet`);
  assertEquals([listing.classes, listing.pictures.length], [["pear", "apple", "fête"], 3]);
  assertEquals(listing.pictures[1], { name: "test-00000-of-00001.parquet:row 1", part: "train", label: 1 });
  assertEquals((await contents(listing)).length, 3);
});

Deno.test("parquetReader refuses files of different datasets in one folder", async () => {
  await withFolder(async (folder) => {
    await Deno.copyFile(`${FIXTURES}hub/data/train-00000-of-00001.parquet`, `${folder}/train.parquet`);
    await Deno.copyFile(`${FIXTURES}zstd/test.parquet`, `${folder}/test.parquet`);
    await assertDataError(() => list(folder), "test.parquet has other names of classes than train.parquet");
  });
});
