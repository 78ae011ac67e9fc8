import { assertEquals, assertNotEquals } from "@std/assert";
import {
  DataError,
  inspectDataset,
  openDataset,
  type RawDataset,
  readBounded,
  type Reader,
  registerReader,
} from "../../../src/data/mod.ts";
import { assertDataError, tinyDataset, withFolder, writeFiles } from "../_folder.ts";

const side = 8;
const record = 1 + side * side;

/** A file of `TOYSET`, class names with commas and a newline, then records: a label as a digit and 8x8 grey pixels. */
const toyReader: Reader = {
  name: "toy",
  describe: "a TOYSET file",
  recognises: ({ start }) => new TextDecoder().decode(start.subarray(0, 6)) === "TOYSET",
  async read({ path }): Promise<RawDataset> {
    const bytes = await readBounded(path);
    const end = bytes.indexOf(10);
    const classes = new TextDecoder().decode(bytes.subarray(6, end)).split(",");
    const records = bytes.subarray(end + 1);
    if (records.length % record !== 0) throw new DataError(`Cannot read ${path}: it is cut, fetch the file again`);
    const count = records.length / record;
    const pixels = new Uint8Array(count * side * side);
    const labels = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      labels[i] = records[i * record]! - 48;
      pixels.set(records.subarray(i * record + 1, (i + 1) * record), i * side * side);
    }
    const origin = { images: path, labels: path };
    return {
      train: { pixels, count, height: side, width: side, channels: 1, labels, origin },
      info: { classes, licence: "CC0" },
      infoOrigin: path,
    };
  },
};

/** A file of ten images; the pixels of image i are i. */
function toyFile(labels: string): Uint8Array {
  const records = [...labels].flatMap((label, i) => [label.charCodeAt(0), ...new Array(side * side).fill(i)]);
  return Uint8Array.of(...new TextEncoder().encode("TOYSETcat,dog\n"), ...records);
}

Deno.test("a registered reader opens a format of its own as any other, through openDataset()", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/pets.toy`;
    await writeFiles(folder, { "pets.toy": toyFile("0101010101") });
    await assertDataError(() => openDataset(path), `${path}: it is a file, expected a folder of class folders`);
    registerReader(toyReader);
    const dataset = await openDataset(path);
    const { name, classes, height, width, channels, train, test, licence, source } = dataset;
    assertEquals([name, height, width, channels, licence, source], ["pets.toy", 8, 8, 1, "CC0", "not stated"]);
    assertEquals(classes, ["cat", "dog"]);
    assertEquals([train.count, test.count], [8, 2]);
    for (const { pixels, labels } of [train, test]) {
      labels.forEach((label, i) => assertEquals(pixels.read(i * side * side, (i + 1) * side * side)[0]! % 2, label));
    }
    const inspection = inspectDataset(dataset);
    assertEquals(inspection.classes, [{ name: "cat", train: 4, test: 1 }, { name: "dog", train: 4, test: 1 }]);

    // Under another name, and packed: the same dataset. With a label changed: another.
    await writeFiles(folder, { "copy": toyFile("0101010101"), "other": toyFile("0101010110") });
    assertEquals((await openDataset(`${folder}/copy`)).fingerprint, dataset.fingerprint);
    assertNotEquals((await openDataset(`${folder}/other`)).fingerprint, dataset.fingerprint);
  });
});

Deno.test("what a registered reader finds damaged or returns wrong is one line, and other formats stay", async () => {
  await withFolder(async (folder) => {
    const whole = toyFile("0101010101");
    await writeFiles(folder, { "cut": whole.slice(0, -1), "wrong": toyFile("0101012101"), "few": toyFile("01") });
    await assertDataError(() => openDataset(`${folder}/cut`), "cut: it is cut");
    await assertDataError(() => openDataset(`${folder}/wrong`), "wrong: label 2 of image 6 is out of range");
    await assertDataError(() => openDataset(`${folder}/few`), "found no test images and 2 others");
    await assertDataError(() => openDataset(folder), "it is a folder with cut, few, wrong", "expected a TOYSET file");
    await writeFiles(folder, tinyDataset());
    assertEquals((await openDataset(folder)).train.count, 6);
  });
});
