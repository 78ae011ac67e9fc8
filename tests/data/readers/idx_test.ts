import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  assertDataError,
  bareHeader,
  type Files,
  gzip,
  idx,
  labels,
  tinyDataset,
  withFolder,
  writeFiles,
} from "../_folder.ts";
import { lookAt, type PathContent } from "../../../src/data/files.ts";
import { type RawDataset, readImages } from "../../../src/data/mod.ts";
import { findIdxFiles, idxReader, readIdx, readLabels } from "../../../src/data/readers/idx.ts";
import { parseIdx } from "../../../src/data/readers/idx_format.ts";

const look = async (path: string) => (await lookAt(path)) as PathContent;
const find = async (folder: string) => findIdxFiles(await look(folder));

Deno.test("idxReader recognises a folder with at least one of the files, so that it can say which are missing", async () => {
  await withFolder(async (folder) => {
    assertFalse(idxReader.recognises(await look(folder)));
    await writeFiles(folder, { "readme.txt": none, "labels.idx": none });
    assertFalse(idxReader.recognises(await look(folder)));
    await writeFiles(folder, { "t10k-labels-idx1-ubyte.gz": none });
    assert(idxReader.recognises(await look(folder)));
    assertFalse(idxReader.recognises(await look(`${folder}/t10k-labels-idx1-ubyte.gz`)));
  });
});

Deno.test("idxReader returns both parts and the information as the files have them", async () => {
  await withFolder(async (folder) => {
    const info = new TextEncoder().encode('{"name": "tiny", "height": 5}');
    await writeFiles(folder, { ...tinyDataset(), "info.json": info } satisfies Files);
    const { train, validation, test, ...rest } = await idxReader.read(await look(folder)) as RawDataset;
    assertEquals(rest, { info: { name: "tiny", height: 5 }, infoOrigin: `${folder}/info.json` });
    assertEquals([train.count, train.height, train.width, train.channels, validation], [6, 9, 8, 1, undefined]);
    assertEquals([...test!.labels], [2, 0, 1]);
    assertEquals(test!.pixels, parseIdx(idx(3, 9, 8), "").data);
    assertEquals(test!.origin, { images: `${folder}/test-images.idx`, labels: `${folder}/test-labels.idx` });
  });
});

const none = new Uint8Array();

Deno.test("findIdxFiles() knows the names of MNIST's own files and ours, packed or not", async () => {
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
      const { train, test, info } = await find(folder);
      assertEquals([train.images, train.labels, test.images, test.labels], names.map((name) => `${folder}/${name}`));
      assertEquals(info, `${folder}/info.json`);
      assertEquals((await find(`${folder}/`)).train.images, train.images);
    });
  }
});

Deno.test("findIdxFiles() prefers the plain file", async () => {
  await withFolder(async (folder) => {
    const names = ["train-images", "train-labels", "test-images", "test-labels"];
    await writeFiles(folder, Object.fromEntries(names.flatMap((n) => [[`${n}.idx.gz`, none], [`${n}.idx`, none]])));
    assertEquals((await find(folder)).test.labels, `${folder}/test-labels.idx`);
  });
});

Deno.test("findIdxFiles() says which file is missing", async () => {
  const names = ["train-images.idx", "train-labels.idx", "test-images.idx", "test-labels.idx"];
  const missing = ["training images", "training labels", "test images", "test labels"];
  for (const [place, absent] of names.entries()) {
    await withFolder(async (folder) => {
      await writeFiles(folder, Object.fromEntries(names.filter((name) => name !== absent).map((name) => [name, none])));
      await assertDataError(() => find(folder), folder, `no ${missing[place]}`, `${absent}.gz`);
    });
  }
  await withFolder((folder) => assertDataError(() => find(folder), "no training images"));
});

Deno.test("readImages() reads grey and colour images", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/images.idx.gz`;
    for (const [shape, channels] of [[[2, 8, 9], 1], [[2, 8, 9, 1], 1], [[2, 8, 9, 3], 3]] as const) {
      await Deno.writeFile(path, gzip(idx(...shape)));
      const images = await readImages(path);
      assertEquals([images.count, images.height, images.width, images.channels], [2, 8, 9, channels]);
      assertEquals(images.pixels.length, 2 * 8 * 9 * channels);
      assertEquals(images.pixels, parseIdx(idx(...shape), path).data);
    }
  });
});

Deno.test("readImages() refuses what no network could take, naming the file", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/images.idx`;
    const cases: [Uint8Array, string][] = [
      [idx(40), "found 1 dimensions, expected 3 or 4"],
      [idx(40, 40), "found 2 dimensions"],
      [idx(2, 8, 8, 2), "found 2 channels"],
      [idx(2, 8, 8, 4), "found 4 channels"],
      [bareHeader([0, 0, 8, 4], 2, 8, 8, 0), "found 0 channels"],
      [bareHeader([0, 0, 8, 3], 0, 28, 28), "zero images"],
      [idx(2, 7, 8), "7x8 pixels, expected 8 to 256"],
      [idx(2, 8, 257), "8x257 pixels"],
      [bareHeader([0, 0, 8, 3], 2, 0, 28), "0x28 pixels"],
    ];
    for (const [bytes, words] of cases) {
      await Deno.writeFile(path, bytes);
      await assertDataError(() => readImages(path), path, words);
    }
  });
});

Deno.test("readLabels() reads a list and refuses a table", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/labels.idx`;
    await Deno.writeFile(path, labels(3, 1, 2));
    assertEquals([...await readLabels(path)], [3, 1, 2]);
    await Deno.writeFile(path, idx(3, 1));
    await assertDataError(() => readLabels(path), path, "found 2 dimensions, expected 1");
  });
});

const magic3 = [0, 0, 8, 3];

Deno.test("readIdx() reads plain and compressed files alike, whatever their name", async () => {
  await withFolder(async (folder) => {
    const file = idx(10, 40, 50);
    await writeFiles(folder, { "plain.idx": file, "packed.idx.gz": gzip(file), "misnamed.idx": gzip(file) });
    for (const name of ["plain.idx", "packed.idx.gz", "misnamed.idx"]) {
      assertEquals(await readIdx(`${folder}/${name}`), parseIdx(file, name));
    }
  });
});

Deno.test("readIdx() refuses files cut at many places, plain and compressed", async () => {
  await withFolder(async (folder) => {
    const file = idx(7, 16, 16);
    const packed = gzip(file);
    let cases = 0;
    for (const [name, bytes] of [["plain.idx", file], ["packed.idx.gz", packed]] as const) {
      for (let length = 0; length < bytes.length; length += 1 + Math.floor(bytes.length / 40)) {
        await writeFiles(folder, { [name]: bytes.slice(0, length) });
        await assertDataError(() => readIdx(`${folder}/${name}`), `${folder}/${name}`);
        cases++;
      }
      await writeFiles(folder, { [name]: bytes.slice(0, -1) });
      await assertDataError(() => readIdx(`${folder}/${name}`), name);
    }
    assert(cases > 60);
  });
});

Deno.test("readIdx() refuses compressed files with a changed byte or something after the end", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/a.idx.gz`;
    const good = gzip(idx(7, 16, 16));
    // From the compressed data on; the header before it holds a time and a system that do not matter.
    for (let place = 10; place < good.length; place += 7) {
      const bad = good.slice();
      bad[place]! ^= 0x55;
      await Deno.writeFile(path, bad);
      await assertDataError(() => readIdx(path), path);
    }
    await Deno.writeFile(path, new Uint8Array([...good, 1, 2, 3]));
    await assertDataError(() => readIdx(path), "damaged or cut");
    await Deno.writeFile(path, gzip(new Uint8Array([...idx(2, 8, 8), 9])));
    await assertDataError(() => readIdx(path), "more than the 144 bytes");
  });
});

Deno.test("readIdx() stops a compressed bomb at the size that its header announces", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/bomb.idx.gz`;
    const bytes = new Uint8Array(256 << 20);
    bytes.set(bareHeader(magic3, 2, 8, 8));
    await Deno.writeFile(path, gzip(bytes));
    const before = performance.now();
    await assertDataError(() => readIdx(path), "more than the 144 bytes");
    assert(performance.now() - before < 2000, "it was unpacked in full");
    await Deno.writeFile(path, gzip(bareHeader(magic3, 0xffff, 0xffff, 0xffff)));
    await assertDataError(() => readIdx(path), "65535 x 65535 x 65535");
  });
});

Deno.test("readIdx() names what is wrong with a path", async () => {
  await withFolder(async (folder) => {
    await assertDataError(() => readIdx(`${folder}/absent.idx`), `${folder}/absent.idx`, "no such file");
    await assertDataError(() => readIdx(folder), folder, "a folder");
    await writeFiles(folder, { "empty.idx": new Uint8Array() });
    await assertDataError(() => readIdx(`${folder}/empty.idx`), "found 0 bytes");
  });
});
