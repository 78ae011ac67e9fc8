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
