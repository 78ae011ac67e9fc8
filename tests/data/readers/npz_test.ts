import { assert, assertEquals } from "@std/assert";
import { isListing, type RawDataset } from "../../../src/data/readers/reader.ts";
import { assertDataError, withFolder } from "../_folder.ts";
import { open, type Tree, zip } from "./_listing.ts";
import { npy } from "./_npy.ts";

const images = (count: number, ...rest: number[]) => {
  const shape = [count, 8, 8, ...rest];
  return npy("|u1", shape, Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i % 251));
};
const labels = (...values: number[]) => npy("|u1", [values.length, 1], values);

async function read(files: Tree, name = "set.npz"): Promise<RawDataset> {
  let dataset: RawDataset | undefined;
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/${name}`, zip(files));
    const found = await open(`${folder}/${name}`);
    assert(!isListing(found));
    dataset = found;
  });
  return dataset!;
}

Deno.test("npzReader reads the names of MedMNIST, Keras and plain ones, whatever the file's name", async () => {
  const medical = {
    "train_images.npy": images(3),
    "train_labels.npy": labels(0, 1, 0),
    "val_images.npy": images(1),
    "val_labels.npy": labels(1),
    "test_images.npy": images(2),
    "test_labels.npy": labels(1, 0),
  };
  const { train, validation, test } = await read(medical, "set.bin");
  assertEquals(
    [train, validation!, test!].map(({ count, height, width, channels }) => [count, height, width, channels]),
    [
      [3, 8, 8, 1],
      [1, 8, 8, 1],
      [2, 8, 8, 1],
    ],
  );
  assertEquals([...train.labels, ...validation!.labels, ...test!.labels], [0, 1, 0, 1, 1, 0]);
  assertEquals([...train.pixels.subarray(0, 4)], [0, 1, 2, 3]);

  const keras = {
    "x_train.npy": images(2, 3),
    "y_train.npy": labels(0, 1),
    "x_test.npy": images(1, 3),
    "y_test.npy": labels(1),
  };
  const colour = await read(keras);
  assertEquals([colour.train.channels, colour.test!.count, colour.validation], [3, 1, undefined]);
  assertEquals((await read({ "images.npy": images(2), "labels.npy": labels(0, 1) })).train.count, 2);
});

Deno.test("npzReader takes names of classes from an array or from info.json", async () => {
  const arrays = { "images.npy": images(2), "labels.npy": labels(0, 1) };
  assertEquals((await read({ ...arrays, "classes.npy": npy("|S1", [2], [97, 98]) })).info.classes, ["a", "b"]);
  assertEquals((await read({ ...arrays, "info.json": '{"classes": ["c", "d"], "name": "n"}' })).info, {
    name: "n",
    classes: ["c", "d"],
  });
});

Deno.test("npzReader refuses two arrays for one thing", async () => {
  const twice = { "train_images.npy": images(2), "train_labels.npy": labels(0, 1), "y_train.npy": labels(1, 0) };
  await assertDataError(() => read(twice), "y_train.npy", "train_labels.npy");
});

Deno.test("npzReader says in one line what it cannot use", async () => {
  const good = { "images.npy": images(2), "labels.npy": labels(0, 1) };
  const fails = (files: Tree, ...words: string[]) =>
    assertDataError(() => read({ ...good, ...files }), "set.npz", ...words);
  await fails({ "images.npy": npy("<f4", [1, 8, 8], new Array(256).fill(0)) }, "type <f4", "numpy.uint8");
  await fails({ "images.npy": npy("|u1", [4, 16], new Array(64).fill(0)) }, "shape 4x16");
  await fails({ "test_images.npy": images(1) }, "no labels of the part test");
  await fails({ "val_labels.npy": labels(1) }, "no images of the part validation");
  await fails({ "labels.npy": npy("|u1", [2, 14], new Array(28).fill(0)) }, "shape 2x14", "one an image");
  await fails({ "labels.npy": npy("|O", [1], [0]) }, "pickled");
  await assertDataError(() => read({ "data.npy": images(1) }), "found data.npy, expected train_images");
});
