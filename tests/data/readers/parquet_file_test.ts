import { assert, assertEquals } from "@std/assert";
import { DataError } from "../../../src/data/errors.ts";
import { ParquetFile } from "../../../src/data/readers/parquet_file.ts";
import { assertDataError, withFolder } from "../_folder.ts";

const HUB =
  new URL("../../reference/fixtures/datasets/hub/data/train-00000-of-00001.parquet", import.meta.url).pathname;

Deno.test("ParquetFile reads labels by name and pictures by row", async () => {
  using file = await ParquetFile.open(HUB);
  assertEquals(file.columns, { image: "image", label: "label", names: ["pear", "apple", "fête"] });
  const labels = await file.readLabels();
  assertEquals(labels, ["pear", "apple", "fête"].flatMap((name) => [name, name, name]));
  let rows = 0;
  for await (const { row, picture } of file.readPictures()) {
    assertEquals(row, rows++);
    assert(!(picture instanceof Error));
    assertEquals([...picture.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
    // Of its own, since it may be sent to a worker.
    assertEquals(picture.byteLength, picture.buffer.byteLength);
  }
  assertEquals(rows, 9);
});

Deno.test("ParquetFile says in one line that a file is cut, wherever", async () => {
  const whole = await Deno.readFile(HUB);
  await withFolder(async (folder) => {
    const path = `${folder}/a.parquet`;
    const read = async (bytes: Uint8Array) => {
      await Deno.writeFile(path, bytes);
      using file = await ParquetFile.open(path);
      await file.readLabels();
      for await (const { picture } of file.readPictures()) assert(picture instanceof DataError || picture.length >= 0);
    };
    for (let length = 0; length < whole.length; length += 97) {
      await assertDataError(() => read(whole.subarray(0, length)), path);
    }
  });
});
