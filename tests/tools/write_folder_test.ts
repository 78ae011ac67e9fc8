import { assertEquals } from "@std/assert";
import { openDataset, type Split } from "../../src/data/mod.ts";
import { writeFolder } from "../../tools/write_folder.ts";
import { inDigits } from "../pipelines/_folder.ts";

/** Pictures of each class as texts, sorted: a folder has them in another order. */
function picturesOf({ pixels, labels, count }: Split): string[] {
  const size = pixels.length / count;
  return Array.from(labels, (label, i) => `${label} ${pixels.read(i * size, (i + 1) * size).toBase64()}`).sort();
}

Deno.test("writeFolder() writes pictures that are the same dataset again", () =>
  inDigits(async (folder, data) => {
    const dataset = await openDataset(data);
    assertEquals(await writeFolder(dataset, `${folder}/pictures`), dataset.train.count + dataset.test.count);
    const options = { import: { side: dataset.height }, cache: `${folder}/cache` };
    const again = await openDataset(`${folder}/pictures`, options);
    assertEquals(again.classes, dataset.classes);
    for (const part of ["train", "test"] as const) assertEquals(picturesOf(again[part]), picturesOf(dataset[part]));
  }));
