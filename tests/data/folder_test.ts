import { assertEquals } from "@std/assert";
import { findDatasetFiles } from "../../src/data/folder.ts";
import { assertDataError, withFolder, writeFiles } from "./_folder.ts";

const none = new Uint8Array();

Deno.test("findDatasetFiles() knows the names of MNIST's own files and ours, packed or not", async () => {
  const spellings = [
    ["train-images.idx.gz", "train-labels.idx.gz", "test-images.idx.gz", "test-labels.idx.gz"],
    ["train-images.idx", "train-labels.idx.gz", "test-images.idx", "test-labels.idx"],
    [
      "train-images-idx3-ubyte.gz",
      "train-labels-idx1-ubyte.gz",
      "t10k-images-idx3-ubyte.gz",
      "t10k-labels-idx1-ubyte.gz",
    ],
    ["train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"],
    ["train-images-idx4-ubyte", "train-labels-idx1-ubyte", "test-images-idx4-ubyte", "test-labels-idx1-ubyte"],
  ];
  for (const names of spellings) {
    await withFolder(async (folder) => {
      await writeFiles(folder, Object.fromEntries(names.map((name) => [name, none])));
      const { train, test, info } = await findDatasetFiles(folder);
      assertEquals([train.images, train.labels, test.images, test.labels], names.map((name) => `${folder}/${name}`));
      assertEquals(info, `${folder}/info.json`);
      assertEquals((await findDatasetFiles(`${folder}/`)).train.images, train.images);
    });
  }
});

Deno.test("findDatasetFiles() prefers the plain file", async () => {
  await withFolder(async (folder) => {
    const names = ["train-images", "train-labels", "test-images", "test-labels"];
    await writeFiles(folder, Object.fromEntries(names.flatMap((n) => [[`${n}.idx.gz`, none], [`${n}.idx`, none]])));
    assertEquals((await findDatasetFiles(folder)).test.labels, `${folder}/test-labels.idx`);
  });
});

Deno.test("findDatasetFiles() says which file is missing", async () => {
  const names = ["train-images.idx", "train-labels.idx", "test-images.idx", "test-labels.idx"];
  const missing = ["training images", "training labels", "test images", "test labels"];
  for (const [place, absent] of names.entries()) {
    await withFolder(async (folder) => {
      await writeFiles(folder, Object.fromEntries(names.filter((name) => name !== absent).map((name) => [name, none])));
      await assertDataError(() => findDatasetFiles(folder), folder, `no ${missing[place]}`, `${absent}.gz`);
    });
  }
  await withFolder((folder) => assertDataError(() => findDatasetFiles(folder), "no training images"));
});
