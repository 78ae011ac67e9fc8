import { assertEquals, assertNotEquals } from "@std/assert";
import { type Dataset, fingerprint, openDataset } from "../../src/data/mod.ts";
import { assertDataError, type Files, gzip, idx, labels, tinyDataset, withFolder, writeFiles } from "./_folder.ts";

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Opens the tiny dataset with some of its files replaced, added, or (null) left out. */
async function openWith(
  changes: Record<string, Uint8Array | null>,
  use: (open: () => Promise<Dataset>) => Promise<void>,
) {
  await withFolder(async (folder) => {
    const files = Object.entries({ ...tinyDataset(), ...changes }).filter(([, bytes]) => bytes !== null);
    await writeFiles(folder, Object.fromEntries(files) as Files);
    await use(() => openDataset(folder));
  });
}

Deno.test("openDataset() opens a folder without info.json, classes named by number", async () => {
  await withFolder(async (folder) => {
    await writeFiles(folder, tinyDataset());
    const dataset = await openDataset(folder);
    const { fingerprint: found, train, validation, test, ...rest } = dataset;
    assertEquals(rest, {
      name: folder.split("/").at(-1)!,
      description: "",
      classes: ["0", "1", "2"],
      height: 9,
      width: 8,
      channels: 1,
      augmentation: { cropPadding: 1, flip: false, cutout: 0 },
      source: "not stated",
      licence: "not stated",
      attribution: "",
      isTestSplitOff: false,
      unreadable: [],
      images: { side: undefined, channels: undefined, fit: "crop", testPortion: 0.2, splitSeed: 0 },
    });
    assertEquals([train.count, test.count], [6, 3]);
    assertEquals([...test.labels], [2, 0, 1]);
    assertEquals([...train.pixels.read(0, 3)], [0, 1, 2]);
    assertEquals(validation, undefined);
    assertEquals(found, fingerprint(dataset));
  });
});

Deno.test("openDataset() takes names, licence and augmentation from info.json", async () => {
  const info = {
    name: "tiny",
    classes: ["a", "b", "c"],
    licence: "CC0",
    augmentation: { cropPadding: 4, flip: true, cutout: 3 },
  };
  await openWith({ "info.json": json(info) }, async (open) => {
    const { name, classes, licence, augmentation } = await open();
    assertEquals<unknown>({ name, classes, licence, augmentation }, info);
  });
});

Deno.test("openDataset() gives the same fingerprint whatever the files, another for another label", async () => {
  await openWith({}, async (open) => {
    const { fingerprint } = await open();
    const packed = { "train-images.idx": null, "train-images-idx3-ubyte.gz": gzip(idx(6, 9, 8)) };
    await openWith(packed, async (open) => assertEquals((await open()).fingerprint, fingerprint));
    const shaped = { "train-images.idx": idx(6, 9, 8, 1) };
    await openWith(shaped, async (open) => assertEquals((await open()).fingerprint, fingerprint));
    const told = { "info.json": json({ name: "other", classes: ["0", "1", "2"], licence: "CC0" }) };
    await openWith(told, async (open) => assertEquals((await open()).fingerprint, fingerprint));
    const renamed = { "info.json": json({ classes: ["0", "1", "two"] }) };
    await openWith(renamed, async (open) => assertNotEquals((await open()).fingerprint, fingerprint));
    const relabelled = { "test-labels.idx": labels(2, 0, 0) };
    await openWith(relabelled, async (open) => assertNotEquals((await open()).fingerprint, fingerprint));
  });
});

Deno.test("openDataset() opens colour images", async () => {
  await openWith({ "train-images.idx": idx(6, 8, 8, 3), "test-images.idx": idx(3, 8, 8, 3) }, async (open) => {
    assertEquals((await open()).channels, 3);
  });
});

Deno.test("openDataset() refuses files that are damaged or contradict one another", async () => {
  const cases: [Record<string, Uint8Array | null>, ...string[]][] = [
    [{ "test-images.idx": null }, "no test images"],
    [{ "train-labels.idx": null }, "no training labels"],
    [{ "train-labels.idx": labels(0, 1, 2) }, "train-labels.idx", "found 3 labels, expected 6"],
    [{ "test-labels.idx": labels(0, 1, 2, 0) }, "test-labels.idx", "found 4 labels, expected 3"],
    [{ "test-labels.idx": labels(0, 3, 1) }, "test-labels.idx", "label 3 of image 1", "expected 0 to 2"],
    [{ "info.json": json({ classes: ["a", "b"] }) }, "train-labels.idx", "label 2 of image 2", "expected 0 to 1"],
    [{ "test-images.idx": idx(3, 8, 9) }, "8x9x1", "expected 9x8x1"],
    [{ "test-images.idx": idx(3, 9, 8, 3) }, "9x8x3"],
    [{ "train-images.idx": idx(0, 9, 8), "train-labels.idx": labels() }, "train-images.idx", "zero images"],
    [{ "test-images.idx": idx(0, 9, 8), "test-labels.idx": labels() }, "test-images.idx", "zero images"],
    [{ "train-images.idx": labels(1, 2, 3) }, "train-images.idx", "found 1 dimensions"],
    [{ "train-labels.idx": idx(6, 9, 8) }, "train-labels.idx", "found 3 dimensions"],
    [{ "train-images.idx": idx(6, 9, 8).slice(0, 200) }, "train-images.idx", "found 200 bytes"],
    [{ "info.json": json({ height: 8 }) }, "info.json", '"height" is 8, expected 9'],
    [{ "info.json": json({ channels: 3 }) }, "info.json", '"channels" is 3, expected 1'],
    [{ "info.json": json({ train: 7 }) }, "info.json", '"train" is 7, expected 6'],
    [
      { "info.json": json({ augmentation: { cropPadding: 5, flip: false, cutout: 0 } }) },
      "info.json",
      "at most 4 and 8",
    ],
    [
      { "info.json": json({ augmentation: { cropPadding: 0, flip: false, cutout: 9 } }) },
      "info.json",
      "at most 4 and 8",
    ],
  ];
  for (const [changes, ...words] of cases) await openWith(changes, (open) => assertDataError(open, ...words));
});

Deno.test("openDataset() lists the known names when a dataset does not exist", async () => {
  await assertDataError(
    () => openDataset("fashion-mnist"),
    "fashion-mnist",
    "no such folder",
    "fashion-mnist-12k, uci-digits",
  );
  await withFolder(async (folder) => {
    await writeFiles(folder, { "file.idx": idx(1) });
    await assertDataError(() => openDataset(`${folder}/file.idx`), "it is a file, expected a folder of class folders");
    await assertDataError(() => openDataset(`${folder}/file.idx/x`), "file.idx/x");
    await assertDataError(() => openDataset(""), "its name is empty", "uci-digits");
  });
});

Deno.test("openDataset() says what it found where no reader knows it, and what there could be", async () => {
  await withFolder(async (folder) => {
    const kinds = "expected a folder of class folders (CLASS/*.jpg, ";
    await assertDataError(() => openDataset(folder), `${folder}: it is an empty folder, ${kinds}`);
    await writeFiles(folder, { "a.txt": new Uint8Array(), "b.jpg": new Uint8Array(), "c\nd": new Uint8Array() });
    await assertDataError(() => openDataset(folder), `it is a folder with a.txt, b.jpg, c d, ${kinds}`);
    await writeFiles(folder, { "d": new Uint8Array(), "e": new Uint8Array() });
    await assertDataError(() => openDataset(folder), `it is a folder with a.txt, b.jpg, c d and 2 more, ${kinds}`);
    await assertDataError(() => openDataset(`${folder}/a.txt`), `a.txt: it is a file, ${kinds}`);
  });
});

Deno.test("openDataset() finds embedded datasets from any working directory", async () => {
  const before = Deno.cwd();
  await withFolder(async (folder) => {
    Deno.chdir(folder);
    try {
      assertEquals((await openDataset("uci-digits")).train.count, 1438);
    } finally {
      Deno.chdir(before);
    }
  });
});
