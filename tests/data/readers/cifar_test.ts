import { assert, assertEquals } from "@std/assert";
import { findCifarFiles } from "../../../src/data/readers/cifar.ts";
import { isListing, type RawDataset } from "../../../src/data/readers/reader.ts";
import { assertDataError, withFolder } from "../_folder.ts";
import { open, tarGz, type Tree, writeTree } from "./_listing.ts";

/** Records of which each value tells its label, plane and place. */
const records = (labelBytes: number, ...labels: number[]) =>
  Uint8Array.from(labels.flatMap((label) => [
    ...(labelBytes === 2 ? [99, label] : [label]),
    ...Array.from({ length: 3072 }, (_, i) => (label + 50 * Math.floor(i / 1024) + i) % 256),
  ]));

const CIFAR10: Tree = {
  "data_batch_2.bin": records(1, 1),
  "data_batch_1.bin": records(1, 0, 1),
  "test_batch.bin": records(1, 1),
  "batches.meta.txt": "cat\ndog\n\n",
};

async function openRaw(path: string): Promise<RawDataset> {
  const found = await open(path);
  assert(!isListing(found));
  return found;
}

function check({ train, test, info }: RawDataset): void {
  assertEquals([train.count, test!.count, train.height, train.width, train.channels], [3, 1, 32, 32, 3]);
  assertEquals([[...train.labels], [...test!.labels], info.classes], [[0, 1, 1], [1], ["cat", "dog"]]);
  // Pixel 7 of image 1: the three planes side by side.
  assertEquals([...train.pixels.subarray(3072 + 21, 3072 + 24)], [8, (1 + 50 + 1031) % 256, (1 + 100 + 2055) % 256]);
}

Deno.test("cifarReader reads the folder, a folder around it, and the archive", async () => {
  await withFolder(async (folder) => {
    await writeTree(`${folder}/around/cifar-10-batches-bin`, CIFAR10);
    check(await openRaw(`${folder}/around/cifar-10-batches-bin`));
    check(await openRaw(`${folder}/around`));
    const packed = Object.fromEntries(
      Object.entries(CIFAR10).map(([name, bytes]) => [`cifar-10-batches-bin/${name}`, bytes]),
    );
    await Deno.writeFile(`${folder}/cifar.tar.gz`, await tarGz(packed));
    check(await openRaw(`${folder}/cifar.tar.gz`));
  });
});

Deno.test("cifarReader takes the fine labels of CIFAR-100", async () => {
  await withFolder(async (folder) => {
    await writeTree(folder, {
      "train.bin": records(2, 0, 1, 1),
      "test.bin": records(2, 1),
      "fine_label_names.txt": "cat\ndog\n",
      "coarse_label_names.txt": "pets\n",
    });
    check(await openRaw(folder));
  });
});

Deno.test("cifarReader names a file that is cut, and lets info.json name the classes", async () => {
  await withFolder(async (folder) => {
    await writeTree(folder, { ...CIFAR10, "info.json": '{"classes": ["a", "b"]}' });
    assertEquals((await openRaw(folder)).info.classes, ["a", "b"]);
    await writeTree(folder, { "data_batch_2.bin": records(1, 1).subarray(1) });
    await assertDataError(() => open(folder), "data_batch_2.bin: found 3072 bytes", "3073");
  });
});

Deno.test("findCifarFiles() knows both versions and nothing else", () => {
  assertEquals(findCifarFiles(["train.bin", "test.bin"]), undefined);
  assertEquals(findCifarFiles(["data_batch_1", "test_batch"]), undefined);
  assertEquals(findCifarFiles(["data_batch_10.bin"])?.test, []);
  assertEquals(findCifarFiles(["train.bin", "fine_label_names.txt"])?.labelBytes, 2);
});
