import { assertEquals, assertNotEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { type Dataset, openDataset } from "../../src/data/mod.ts";
import { countClasses } from "../../src/data/labels.ts";
import { concatenate } from "../../src/data/bounded_bytes.ts";
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

const embedded = [
  {
    name: "fashion-mnist-12k",
    size: [28, 28, 1],
    train: new Array(10).fill(1000),
    test: new Array(10).fill(200),
    fingerprint: "d88ebef348bfe5d8eb8155a4c636c7b816181ba21290debcf78975016f7dceca",
    flip: true,
  },
  {
    name: "uci-digits",
    size: [28, 28, 1],
    train: [142, 146, 142, 146, 145, 146, 145, 143, 139, 144],
    test: [36, 36, 35, 37, 36, 36, 36, 36, 35, 36],
    fingerprint: "dd12fbbdae218c28111ace1596281fc9e6b9635adad16355509c2b29be829892",
    flip: false,
  },
  {
    name: "sign-language-digits",
    size: [32, 32, 3],
    train: [164, 165, 165, 165, 166, 166, 166, 165, 166, 163],
    test: [41, 41, 41, 41, 41, 41, 41, 41, 42, 41],
    fingerprint: "b061e457a2376dc6116cbf901f6fc3c8683775e42934a69660de3818f882ca68",
    flip: false,
  },
];

for (const expected of embedded) {
  Deno.test(`openDataset() opens ${expected.name} with the content that it was shipped with`, async () => {
    const dataset = await openDataset(expected.name);
    const { name, height, width, channels, classes, train, test, augmentation, fingerprint } = dataset;
    assertEquals(name, expected.name);
    assertEquals([height, width, channels], expected.size);
    assertEquals(countClasses(train.labels, classes.length), expected.train);
    assertEquals(countClasses(test.labels, classes.length), expected.test);
    for (const part of [train, test]) assertEquals(part.images.length, part.count * height * width * channels);
    assertEquals(augmentation, { cropPadding: 2, flip: expected.flip, cutout: 0 });
    assertEquals(fingerprint, expected.fingerprint);
    assertNotEquals(dataset.attribution, "");
  });
}

Deno.test("openDataset() opens a folder without info.json, classes named by number", async () => {
  await withFolder(async (folder) => {
    const files = tinyDataset();
    await writeFiles(folder, files);
    const { fingerprint, train, test, ...rest } = await openDataset(folder);
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
    });
    assertEquals([train.count, test.count], [6, 3]);
    assertEquals([...test.labels], [2, 0, 1]);
    assertEquals([...train.images.subarray(0, 3)], [0, 1, 2]);
    assertEquals(fingerprint, createHash("sha256").update(concatenate(Object.values(files))).digest("hex"));
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
    assertEquals({ name, classes, licence, augmentation }, info);
  });
});

Deno.test("openDataset() gives the same fingerprint for plain and compressed files, another for another label", async () => {
  await openWith({}, async (open) => {
    const { fingerprint } = await open();
    const packed = { "train-images.idx": null, "train-images-idx3-ubyte.gz": gzip(idx(6, 9, 8)) };
    await openWith(packed, async (open) => assertEquals((await open()).fingerprint, fingerprint));
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
    await assertDataError(() => openDataset(`${folder}/file.idx`), "it is a file, expected a folder");
    await assertDataError(() => openDataset(`${folder}/file.idx/x`), "file.idx/x");
    await assertDataError(() => openDataset(""), "its name is empty", "uci-digits");
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
