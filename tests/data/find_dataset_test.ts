import { assertEquals } from "@std/assert";
import { findDataset } from "../../src/data/find_dataset.ts";
import { assertDataError, tinyDataset, withFolder, writeFiles } from "./_folder.ts";

Deno.test("findDataset() finds embedded datasets and folders, and who reads them", () =>
  withFolder(async (folder) => {
    assertEquals((await findDataset("uci-digits")).reader.name, "idx");
    await writeFiles(folder, tinyDataset());
    const { path, found, reader } = await findDataset(folder);
    assertEquals([path, found.isFolder, reader.name], [folder, true, "idx"]);
  }));

Deno.test("findDataset() says how a public dataset is fetched that is not there", async () => {
  await assertDataError(() => findDataset("cifar-100"), "no such folder", "deno task fetch cifar-100");
  await assertDataError(() => findDataset("./cifar-100"), "no such folder");
});

Deno.test("findDataset() says that loose pictures need folders of classes", () =>
  withFolder(async (folder) => {
    await writeFiles(folder, { ".hidden": new Uint8Array(), "a.jpg": new Uint8Array(), "b.PNG": new Uint8Array() });
    await assertDataError(() => findDataset(folder), "b.PNG, expected those of each class in a folder of its own");
  }));
