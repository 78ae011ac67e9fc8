/**
 * Opens one dataset through every door that `tests/reference/make_dataset_files.py` has written it through, and compares what came
 * out: classes, image size, parts and fingerprint.
 *
 *     deno task doors FOLDER…     each with a dataset's files, as the script left them
 *
 * @module
 */
import { openDataset } from "../src/data/mod.ts";
import { formatTable } from "../src/text/mod.ts";

/** Names below a folder that the script writes; those that are not there are left out. */
const DOORS = [
  "folder",
  "folder/labels.csv",
  "folder/labels.jsonl",
  "set.zip",
  "set.tar",
  "set.tar.gz",
  "shards",
  "hub",
  "arrow",
  "set.npz",
  "cifar",
  "cifar.tar.gz",
  "idx",
];

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

const rows = [["dataset", "door", "classes", "size", "train", "test", "fingerprint", "seconds"]];
let differing = 0;
for (const folder of Deno.args) {
  const names = new Set<string>();
  for (const door of DOORS) {
    const path = `${folder}/${door}`;
    if (!await isThere(path)) continue;
    const start = performance.now();
    const { classes, height, width, channels, train, test, fingerprint } = await openDataset(path);
    rows.push([
      folder.split("/").at(-1)!,
      door,
      String(classes.length),
      `${height}x${width}x${channels}`,
      String(train.count),
      String(test.count),
      fingerprint.slice(0, 16),
      ((performance.now() - start) / 1000).toFixed(1),
    ]);
    names.add(fingerprint);
  }
  if (names.size !== 1) differing++;
}
console.log(formatTable(rows));
console.log(`${Deno.args.length - differing} passed, ${differing} failed`);
Deno.exit(differing === 0 ? 0 : 1);
